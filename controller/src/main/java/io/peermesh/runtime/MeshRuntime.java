package io.peermesh.runtime;

import io.peermesh.forward.DropReason;
import io.peermesh.ip.IpAddress;
import io.peermesh.linux.FeatureProbe;
import io.peermesh.linux.Features;
import io.peermesh.linux.LinuxRoutes;
import io.peermesh.linux.LinuxTun;
import io.peermesh.node.NodeCounters;
import io.peermesh.node.NodeStatus;
import io.peermesh.node.Report;
import io.peermesh.node.Topology;
import io.peermesh.port.Entropy;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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

    private final Features features;
    private final PacketLoop packets;
    private final UnderlaySockets sockets;
    private final TunSetup tunSetup;
    private final KernelRoutes kernelRoutes;
    private final OutageMeter meter;
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
        meter = new OutageMeter(entropy);
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
        try {
            return meter.measure(overlay, lasting, () -> control.mute(peerId, lasting));
        } catch (RuntimeException e) {
            LOG.error("the drill failed: this is a bug", e);
            return DrillResult.failed();
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
