package io.peermesh.license;

import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Who has which overlay address.
 *
 * <pre>
 *   network  clients, up from the first ...  free  ... controllers, down to the last  vip  broadcast
 *   .192     .193 .194 .195                            .251 (3)  .252 (2)  .253 (1)   .254 .255
 * </pre>
 *
 * @param controllers overlay addresses in the order of the controller ids, from 1
 * @param asns autonomous system numbers in the same order
 * @param clients overlay addresses of the clientpacks in the order of their sequential ids
 * @param virtualAddress the address that every controller answers to
 */
public record Addressing(
        Prefix overlay,
        List<IpAddress> controllers,
        List<Integer> asns,
        List<IpAddress> clients,
        IpAddress virtualAddress) {
    /** The ASN of controller 1 unless parameters say otherwise; the others follow. */
    public static final int FIRST_ASN = 65001;

    /** Copies the lists. */
    public Addressing {
        controllers = List.copyOf(controllers);
        asns = List.copyOf(asns);
        clients = List.copyOf(clients);
    }

    /** The default layout in a subnet; has a {@link #fault} when the subnet is too small. */
    public static Addressing byDefault(Prefix overlay, int controllers, int clients) {
        int network = overlay.address().v4Bits();
        int broadcast = network + (int) (size(overlay) - 1);
        return new Addressing(
                overlay,
                IntStream.range(0, controllers).mapToObj(i -> v4(broadcast - 2 - i)).toList(),
                IntStream.range(0, controllers).mapToObj(i -> FIRST_ASN + i).toList(),
                LongStream.range(0, clients).mapToObj(i -> v4(network + 1 + (int) i)).toList(),
                v4(broadcast - 1));
    }

    private static IpAddress v4(int bits) {
        return IpAddress.v4(bits);
    }

    /** How many addresses an IPv4 prefix has. */
    private static long size(Prefix prefix) {
        return 1L << (32 - prefix.length());
    }

    /** Why these addresses cannot serve a topology; empty when they can. */
    public Optional<String> fault() {
        return AddressingCheck.fault(this);
    }

    /** Overlay address of a controller, 1..{@code controllers.size()}. */
    public IpAddress controller(int id) {
        return controllers.get(id - 1);
    }
}
