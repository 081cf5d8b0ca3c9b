package io.peermesh.runtime;

import io.peermesh.forward.DropReason;
import io.peermesh.ip.IpAddress;
import io.peermesh.linux.FeatureProbe;
import io.peermesh.linux.Features;
import io.peermesh.linux.LinuxEcho;
import io.peermesh.linux.LinuxRoutes;
import io.peermesh.linux.LinuxTun;
import io.peermesh.linux.OsException;
import io.peermesh.node.NodeCounters;
import io.peermesh.node.NodeStatus;
import io.peermesh.node.Report;
import io.peermesh.node.Topology;
import io.peermesh.port.Entropy;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mesh on a real host: TUN and sockets, packet loop and control loop. Made at start, closed at
 * the end; in between it carries out plans.
 */
public final class MeshRuntime implements Mesh, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MeshRuntime.class);

    private static final String NO_TUN =
            "this controller runs without a TUN device (--tun none), so it cannot send an echo into"
                    + " the mesh";

    private final Features features;
    private final PacketLoop packets;
    private final UnderlaySockets sockets;
    private final TunSetup tunSetup;
    private final KernelRoutes kernelRoutes;
    private final boolean hasTun;
    private final Entropy entropy;
    private final OutageMeter meter = new OutageMeter(System::nanoTime);
    private final ControlLoop control;

    /**
     * Opens the TUN device and starts the threads; ports open with the first plan.
     *
     * @param reports takes what the node tells, on the control loop's thread: it must not block
     * @param onFailure called when one of the threads ends by a fault of its own
     * @throws io.peermesh.linux.OsException when the TUN device cannot be made
     */
    public MeshRuntime(
            MeshOptions options,
            Entropy entropy,
            NameLookup lookup,
            Consumer<Report> reports,
            Runnable onFailure) {
        FeatureProbe probe = FeatureProbe.run(options.switches());
        Optional<LinuxTun> tun =
                options.tunName().map(name -> LinuxTun.open(name, options.switches()));
        features = probe.features(tun);
        features.lines().forEach(line -> LOG.info("{}", line));
        tunSetup = new TunSetup(tun);
        hasTun = tun.isPresent();
        this.entropy = entropy;
        kernelRoutes = new KernelRoutes(tun.map(_ -> new LinuxRoutes()));
        control =
                new ControlLoop(
                        probe.ciphers(),
                        entropy,
                        lookup,
                        ControlLoop.isV6(options.underlay()),
                        reports);
        packets =
                new PacketLoop(
                        tun,
                        UnaryOperator.identity(),
                        options.switches(),
                        control::offer,
                        onFailure);
        sockets =
                new UnderlaySockets(
                        options.underlay(), options.clientPort(), options.switches(), packets);
        control.start(
                new ControlLoop.Parts(
                        packets, sockets, tunSetup, kernelRoutes, options.switches(), onFailure));
    }

    @Override
    public void apply(Optional<MeshPlan> plan) {
        control.plan(plan);
    }

    @Override
    public void disconnect(IpAddress client) {
        control.disconnect(client);
    }

    @Override
    public boolean move(IpAddress client, int controllerId) {
        return control.move(client, controllerId);
    }

    @Override
    public Optional<NodeStatus> status() {
        return control.status();
    }

    @Override
    public Map<Integer, String> routeProblems() {
        return kernelRoutes.problems();
    }

    @Override
    public Topology topology() {
        return control.topology();
    }

    @Override
    public NodeCounters counters() {
        return control.counters();
    }

    @Override
    public DataPlane dataPlane() {
        var drops = new EnumMap<DropReason, Long>(DropReason.class);
        for (DropReason reason : DropReason.values()) {
            drops.put(reason, packets.counters().drops(reason));
        }
        List<String> problems =
                Stream.concat(sockets.problems().stream(), tunSetup.problems().stream()).toList();
        List<DataPlane.Feature> inUse =
                features.all().stream()
                        .map(each ->
                                new DataPlane.Feature(each.name(), each.inUse(), each.detail()))
                        .toList();
        return new DataPlane(inUse, drops, problems);
    }

    @Override
    public void drill(int peerId, IpAddress overlay, Duration lasting, Consumer<DrillResult> done) {
        Thread.ofPlatform()
                .name("peermesh-drill")
                .daemon()
                .start(() -> done.accept(drill(peerId, overlay, lasting)));
    }

    private DrillResult drill(int peerId, IpAddress overlay, Duration lasting) {
        var link = new LinkUnderDrill(peerId, lasting);
        try {
            return hasTun
                    ? measured(overlay, lasting, link)
                    : meter.measure(Echo.none(), NO_TUN, lasting, link);
        } catch (RuntimeException e) {
            LOG.error("the drill failed: this is a bug", e);
            return DrillResult.failed("a fault in this program; see its log");
        }
    }

    private DrillResult measured(IpAddress overlay, Duration lasting, OutageMeter.Link link) {
        LinuxEcho kernel;
        try {
            kernel = new LinuxEcho(overlay, entropy.nextInt() & 0xffff);
        } catch (OsException e) {
            String words = Objects.requireNonNullElse(e.getMessage(), "");
            return meter.measure(Echo.none(), words, lasting, link);
        }
        try (Echo echo = Echo.of(kernel)) {
            return meter.measure(echo, "", lasting, link);
        }
    }

    private final class LinkUnderDrill implements OutageMeter.Link {
        private final int peerId;
        private final Duration lasting;

        LinkUnderDrill(int peerId, Duration lasting) {
            this.peerId = peerId;
            this.lasting = lasting;
        }

        @Override
        public boolean takeDown() {
            return control.mute(peerId, lasting);
        }

        @Override
        public boolean answersAfter(long nanos) {
            return control.status().stream()
                    .filter(now -> now.nowNanos() - nanos > 0)
                    .flatMap(now -> now.links().stream())
                    .anyMatch(each -> each.peerId() == peerId && answers(each.state()));
        }

        private static boolean answers(NodeStatus.LinkState state) {
            return state == NodeStatus.LinkState.UP || state == NodeStatus.LinkState.HELD;
        }
    }

    /** Says goodbye to the peers, stops the threads, closes sockets and TUN. */
    @Override
    public void close() {
        control.close();
        packets.close();
        tunSetup.close();
        kernelRoutes.close();
    }
}
