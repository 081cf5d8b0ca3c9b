package io.peermesh.sim;

import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * The IP stack of a host: knows its addresses, answers pings, enters arrivals in the ledger, keeps
 * ICMP errors for the tests to look at.
 */
final class SimStack {
    /** An ICMP error: who sent it, what it says, and the MTU in it. */
    record IcmpReceived(IpAddress from, int type, int code, int mtu) {}

    private final World world;
    private final Ledger ledger;
    private final String name;
    private final int controllerId;
    private final IpAddress address;
    private final Collection<Prefix> subnets;
    private final Consumer<byte[]> output;
    private final List<IcmpReceived> icmpErrors = new ArrayList<>();

    /**
     * A host with this address, and all addresses of the subnets, a live view.
     *
     * @param controllerId the controller whose kernel this is; 0 for that of a client
     * @param output takes finished packets
     */
    SimStack(
            World world,
            Ledger ledger,
            String name,
            int controllerId,
            IpAddress address,
            Collection<Prefix> subnets,
            Consumer<byte[]> output) {
        this.world = world;
        this.ledger = ledger;
        this.name = name;
        this.controllerId = controllerId;
        this.address = address;
        this.subnets = subnets;
        this.output = output;
    }

    IpAddress address() {
        return address;
    }

    /** The ICMP errors that came in, in order. */
    List<IcmpReceived> icmpErrors() {
        return icmpErrors;
    }

    /** Sends a numbered UDP packet. */
    long send(IpAddress to, int payloadBytes) {
        return send(to, payloadBytes, 64);
    }

    /** Sends a numbered UDP packet that lives for so many hops. */
    long send(IpAddress to, int payloadBytes, int ttl) {
        long id = ledger.inject(name, to);
        enter(id, false);
        byte[] packet = TestPacket.udp(address.v4Bits(), to.v4Bits(), id, payloadBytes);
        output.accept(TestPacket.withTtl(packet, ttl));
        return id;
    }

    /** Sends an echo request. */
    long ping(IpAddress to, int payloadBytes) {
        long id = ledger.injectPing(name, address, to);
        enter(id, false);
        output.accept(TestPacket.echoRequest(address.v4Bits(), to.v4Bits(), id, payloadBytes));
        return id;
    }

    /** What a controller's kernel sends enters that controller. */
    private void enter(long id, boolean answer) {
        if (controllerId != CheckedCiphers.NO_CONTROLLER) {
            ledger.onEntered(id, controllerId, answer);
        }
    }

    /** A packet has come out of the tunnel. */
    void onPacket(byte[] packet) {
        IpAddress destination = IpAddress.v4(TestPacket.destination(packet));
        if (!destination.equals(address)
                && subnets.stream().noneMatch(s -> s.contains(destination))) {
            throw new AssertionError(name + " was given a packet for " + destination);
        }
        boolean icmp = packet[9] == TestPacket.ICMP;
        if (icmp && packet[20] != 0 && packet[20] != 8) {
            onIcmpError(packet);
            return;
        }
        if (TestPacket.id(packet) == TestPacket.NONE) {
            throw new AssertionError(name + " was given a packet that nobody sent");
        }
        world.note(name, () -> "is given packet " + TestPacket.id(packet));
        ledger.onDelivered(packet, name);
        if (icmp && packet[20] == 8) {
            enter(TestPacket.id(packet), true);
            output.accept(reply(packet));
        }
    }

    private void onIcmpError(byte[] packet) {
        if (!TestPacket.checksumsAreRight(packet)) {
            throw new AssertionError(name + " was given an ICMP error with a wrong checksum");
        }
        world.note(name, "is given ICMP " + packet[20] + "/" + packet[21]);
        icmpErrors.add(
                new IcmpReceived(
                        IpAddress.v4(TestPacket.source(packet)),
                        packet[20],
                        packet[21],
                        ByteBuffer.wrap(packet).getShort(26)));
    }

    private static byte[] reply(byte[] request) {
        byte[] reply = request.clone();
        ByteBuffer.wrap(reply)
                .putInt(12, TestPacket.destination(request))
                .putInt(16, TestPacket.source(request))
                .put(8, (byte) 64)
                .putShort(10, (short) 0)
                .put(20, (byte) 0);
        ByteBuffer.wrap(reply).putShort(10, (short) ~TestPacket.sum(reply, 0, 20, 0));
        return TestPacket.finish(reply);
    }
}
