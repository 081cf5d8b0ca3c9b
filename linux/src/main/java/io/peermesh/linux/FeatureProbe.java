package io.peermesh.linux;

import io.peermesh.crypto.AeadProvider;
import io.peermesh.crypto.JdkAeadProvider;
import io.peermesh.ip.IpAddress;
import io.peermesh.linux.Features.Feature;
import io.peermesh.linux.LibcryptoProvider.Found;
import io.peermesh.linux.LibcryptoProvider.Missing;
import io.peermesh.linux.LibcryptoProvider.Search;
import io.peermesh.linux.Switches.Switch;
import java.util.Optional;

/**
 * Finds out, once at start, which optional abilities this machine has and the switches allow, and
 * chooses the ciphers.
 */
public final class FeatureProbe {
    private static final IpAddress LOOPBACK = IpAddress.v4(0x7f000001);

    private final Switches switches;
    private final Search search;
    private final boolean fastAes;
    private final Feature gso;
    private final Feature gro;
    private final Feature errors;
    private final Feature forcedBuffers;

    private FeatureProbe(Switches switches, Search search, LinuxDatagrams socket) {
        this.switches = switches;
        this.search = search;
        fastAes = switches.allows(Switch.AES) && CpuFlags.hasAes();
        gso =
                feature(
                        "UDP GSO",
                        Switch.GSO,
                        socket.gso(),
                        "this kernel has it not, Linux 4.18 does; sending costs several times as"
                                + " much");
        gro =
                feature(
                        "UDP GRO",
                        Switch.GRO,
                        socket.gro(),
                        "this kernel has it not, Linux 5.0 does; receiving costs several times as"
                                + " much");
        errors =
                feature(
                        "ICMP errors",
                        Switch.ERRORS,
                        socket.tellsErrors(),
                        "this kernel does not tell them; a peer whose process has died is noticed"
                                + " by its silence only");
        forcedBuffers =
                feature(
                        "large socket buffers",
                        Switch.FORCED_BUFFERS,
                        socket.forcedBuffers(),
                        "no right to exceed net.core.rmem_max and wmem_max; they have "
                                + (socket.bufferBytes() >> 10)
                                + " KB");
    }

    /**
     * Looks.
     *
     * @throws OsException when not even a plain UDP socket can be opened on this host
     */
    public static FeatureProbe run(Switches switches) {
        try (var socket = LinuxDatagrams.bindLink(LOOPBACK, 0, switches)) {
            return new FeatureProbe(switches, LibcryptoProvider.find(switches), socket);
        }
    }

    /** libcrypto's ciphers where it is there, else the JDK's. */
    public AeadProvider ciphers() {
        return switch (search) {
            case Found found -> found.provider();
            case Missing missing -> new JdkAeadProvider(fastAes);
        };
    }

    /**
     * What is in use.
     *
     * @param tun the controller's device; empty without one
     */
    public Features features(Optional<LinuxTun> tun) {
        return new Features(
                gso,
                gro,
                errors,
                tunFeature(
                        "TUN super-packets",
                        Switch.VNET,
                        tun,
                        tun.map(LinuxTun::offloads).orElse(false)),
                tunFeature(
                        "TUN UDP super-packets",
                        Switch.USO,
                        tun,
                        tun.map(LinuxTun::udpOffload).orElse(false)),
                forcedBuffers,
                priority(),
                libcrypto(),
                feature(
                        "AES instructions",
                        Switch.AES,
                        fastAes,
                        "this processor has none; links use ChaCha20-Poly1305"));
    }

    private Feature tunFeature(String name, Switch feature, Optional<LinuxTun> tun, boolean inUse) {
        return tun.isEmpty()
                ? new Feature(name, false, "no TUN device")
                : feature(name, feature, inUse, "this kernel has them not");
    }

    private Feature feature(String name, Switch feature, boolean inUse, String whyNot) {
        if (inUse) {
            return new Feature(name, true, "");
        }
        return new Feature(
                name,
                false,
                switches.allows(feature) ? whyNot : "switched off by " + feature.word());
    }

    private Feature priority() {
        return feature(
                "high priority",
                Switch.PRIORITY,
                switches.allows(Switch.PRIORITY) && LoopPriority.isAllowed(),
                "no right to raise it (CAP_SYS_NICE); a busy machine may take live links for dead");
    }

    private Feature libcrypto() {
        return switch (search) {
            case Found found -> new Feature("libcrypto", true, found.provider().name());
            case Missing missing ->
                    new Feature(
                            "libcrypto", false, missing.reason() + "; the ciphers are the JDK's");
        };
    }
}
