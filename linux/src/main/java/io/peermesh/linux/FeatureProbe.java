package io.peermesh.linux;

import io.peermesh.ip.IpAddress;
import io.peermesh.linux.Features.Feature;
import io.peermesh.linux.LibcryptoProvider.Found;
import io.peermesh.linux.LibcryptoProvider.Missing;
import io.peermesh.linux.Switches.Switch;
import java.util.Optional;

/** Finds out what of {@link Features} this machine has and the switches allow. */
public final class FeatureProbe {
    private FeatureProbe() {}

    /**
     * Looks.
     *
     * @param tun the controller's device; empty without one
     * @param search the result of {@link LibcryptoProvider#find}
     * @throws OsException when not even a plain UDP socket can be opened on this host
     */
    public static Features probe(
            Switches switches, Optional<LinuxTun> tun, LibcryptoProvider.Search search) {
        try (var socket = LinuxDatagrams.bind(IpAddress.v4(0x7f000001), 0, switches)) {
            return new Features(
                    feature(
                            "UDP GSO",
                            Switch.GSO,
                            switches,
                            socket.gso(),
                            "needs Linux 4.18; sending costs up to ten times as much"),
                    feature(
                            "UDP GRO",
                            Switch.GRO,
                            switches,
                            socket.gro(),
                            "needs Linux 5.0; receiving costs more"),
                    tunFeature(
                            "TUN super-packets",
                            Switch.VNET,
                            switches,
                            tun,
                            tun.map(LinuxTun::offloads).orElse(false)),
                    tunFeature(
                            "TUN UDP super-packets",
                            Switch.USO,
                            switches,
                            tun,
                            tun.map(LinuxTun::udpOffload).orElse(false)),
                    feature(
                            "forced socket buffers",
                            Switch.FORCED_BUFFERS,
                            switches,
                            socket.forcedBuffers(),
                            "needs root; the buffers have "
                                    + (socket.bufferBytes() >> 10)
                                    + " KB, net.core.rmem_max and wmem_max limit them"),
                    libcrypto(search),
                    feature(
                            "AES instructions",
                            Switch.AES,
                            switches,
                            switches.allows(Switch.AES) && CpuFlags.hasAes(),
                            "the processor has none; links use ChaCha20-Poly1305"));
        }
    }

    private static Feature tunFeature(
            String name, Switch feature, Switches switches, Optional<LinuxTun> tun, boolean inUse) {
        return tun.isEmpty()
                ? new Feature(name, false, "no TUN device")
                : feature(name, feature, switches, inUse, "this kernel has it not");
    }

    private static Feature feature(
            String name, Switch feature, Switches switches, boolean inUse, String whyNot) {
        if (inUse) {
            return new Feature(name, true, "");
        }
        return new Feature(
                name,
                false,
                switches.allows(feature) ? whyNot : "switched off by " + feature.word());
    }

    private static Feature libcrypto(LibcryptoProvider.Search search) {
        return switch (search) {
            case Found found -> new Feature("libcrypto", true, found.provider().name());
            case Missing missing -> new Feature("libcrypto", false, missing.reason());
        };
    }
}
