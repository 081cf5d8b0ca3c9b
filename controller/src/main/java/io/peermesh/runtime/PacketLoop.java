package io.peermesh.runtime;

import io.peermesh.forward.Counters;
import io.peermesh.forward.DataCommand;
import io.peermesh.forward.EventSink;
import io.peermesh.forward.Forwarder;
import io.peermesh.forward.ForwarderSettings;
import io.peermesh.linux.LinuxDatagrams;
import io.peermesh.linux.LinuxPoller;
import io.peermesh.linux.LinuxTun;
import io.peermesh.linux.LoopPriority;
import io.peermesh.linux.Switches;
import io.peermesh.port.Tun;
import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that moves packets: waits for sockets, TUN and commands, and turns the {@link
 * Forwarder}. It alone touches the forwarder, the sockets and the TUN after they were handed over.
 *
 * <p>{@link #post}, {@link #setSocket} and {@link #removeSocket} are for the control loop's thread
 * only; a change takes effect in the order of the calls.
 */
public final class PacketLoop implements AutoCloseable {
    /** Commands that may wait. The control loop waits when it is full, packets never do. */
    static final int MAX_COMMANDS = 8192;

    private static final Logger LOG = LoggerFactory.getLogger(PacketLoop.class);
    private static final int TUN_READS_PER_TURN = 8;
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What the control side wants of this thread. */
    private sealed interface Task {
        record Execute(DataCommand command) implements Task {}

        record SetSocket(int socket, LinuxDatagrams datagrams) implements Task {}

        record RemoveSocket(int socket) implements Task {}
    }

    private final SpscRing<Task> tasks = new SpscRing<>(MAX_COMMANDS);
    private final @Nullable LinuxDatagrams[] sockets = new LinuxDatagrams[Forwarder.SOCKETS];
    private final Arena memory = Arena.ofShared();
    private final LinuxPoller poller;
    private final Optional<LinuxTun> tun;
    private final Forwarder forwarder;
    private final Runnable onFailure;
    private final Thread thread;
    private final int[] watched =
            new int[Forwarder.SOCKETS + 1]; // poller's index of each socket, then the TUN's
    private volatile boolean running = true;

    /**
     * Starts the thread. The TUN, if any, belongs to this loop from now on.
     *
     * @param filter what the packet path sees of the TUN: the device itself, or something around it
     * @param switches whether it may have a high priority
     * @param onFailure called when the thread ends by a fault of its own
     */
    public PacketLoop(
            Optional<LinuxTun> tun,
            UnaryOperator<Tun> filter,
            Switches switches,
            EventSink events,
            Runnable onFailure) {
        this.tun = tun;
        this.onFailure = onFailure;
        this.poller = new LinuxPoller();
        this.forwarder =
                new Forwarder(tun.map(filter), events, ForwarderSettings.defaults(), memory);
        this.thread = LoopPriority.start("peermesh-packets", switches, this::run);
    }

    /** Has the command carried out. Call {@link #wake} after the last of a turn. */
    public void post(DataCommand command) {
        enqueue(new Task.Execute(command));
    }

    /** Uses this socket from now on, and closes it in the end. */
    public void setSocket(int socket, LinuxDatagrams datagrams) {
        enqueue(new Task.SetSocket(socket, datagrams));
    }

    /** Stops using the socket, and closes it. */
    public void removeSocket(int socket) {
        enqueue(new Task.RemoveSocket(socket));
    }

    /** Makes the loop look at its tasks. */
    public void wake() {
        poller.wake();
    }

    /** Counters, readable from any thread. */
    public Counters counters() {
        return forwarder.counters();
    }

    private void enqueue(Task task) {
        while (!tasks.offer(task)) {
            if (!thread.isAlive()) {
                return;
            }
            poller.wake();
            Thread.onSpinWait();
        }
    }

    private void run() {
        try {
            boolean busy = true;
            watchAll();
            while (running) {
                poller.poll(busy ? 0 : IDLE_NANOS);
                busy = turn(System.nanoTime());
            }
            runTasks(System.nanoTime()); // goodbyes of an orderly stop
        } catch (RuntimeException e) {
            LOG.error("the packet loop failed: this is a bug; this process stops", e);
            onFailure.run();
        }
    }

    private boolean turn(long nowNanos) {
        boolean busy = runTasks(nowNanos);
        for (int i = 0; i < sockets.length; i++) {
            if (sockets[i] != null && poller.ready(watched[i])) {
                busy |= forwarder.receive(i, nowNanos);
            }
        }
        if (tun.isPresent() && poller.ready(watched[Forwarder.SOCKETS])) {
            busy |= forwarder.readTun(TUN_READS_PER_TURN, nowNanos);
        }
        forwarder.flush(nowNanos);
        return busy;
    }

    private boolean runTasks(long nowNanos) {
        boolean any = false;
        for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
            any = true;
            switch (task) {
                case Task.Execute(DataCommand command) -> forwarder.execute(command, nowNanos);
                case Task.SetSocket(int socket, LinuxDatagrams datagrams) -> {
                    replaceSocket(socket, datagrams);
                    forwarder.setSocket(socket, datagrams);
                }
                case Task.RemoveSocket(int socket) -> {
                    forwarder.removeSocket(socket);
                    replaceSocket(socket, null);
                }
            }
        }
        return any;
    }

    private void replaceSocket(int socket, @Nullable LinuxDatagrams datagrams) {
        LinuxDatagrams before = sockets[socket];
        sockets[socket] = datagrams;
        watchAll();
        if (before != null) {
            before.close();
        }
    }

    private void watchAll() {
        poller.clear();
        for (int i = 0; i < sockets.length; i++) {
            LinuxDatagrams socket = sockets[i];
            watched[i] = socket == null ? 0 : poller.watch(socket.fd());
        }
        tun.ifPresent(device -> watched[Forwarder.SOCKETS] = poller.watch(device.fd()));
    }

    /** Carries out what was posted, stops the thread, closes sockets and TUN. */
    @Override
    public void close() {
        running = false;
        poller.wake();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            return; // its memory and descriptors stay until the process ends
        }
        for (LinuxDatagrams socket : sockets) {
            if (socket != null) {
                socket.close();
            }
        }
        tun.ifPresent(LinuxTun::close);
        poller.close();
        memory.close();
    }
}
