package io.peermesh.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A {@link Transfer} to a client: its receiver, and what came of it. One thread. */
final class TransferRun {
    private static final int PORT = 5001;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final String address;
    private final Child receiver;

    private TransferRun(String address, Child receiver) {
        this.address = address;
        this.receiver = receiver;
    }

    /** Starts the receiver, and waits until it listens. */
    static TransferRun start(WireguardClient to, String label) {
        Child receiver =
                to.machine().start(label, Map.of(), command("receive", to.address(), List.of()));
        Waiting.untilTrue(LIMIT, () -> receiver.log().contains("ready"));
        return new TransferRun(to.address(), receiver);
    }

    /** The command that sends so much, as fast as it can. */
    String[] send(int megabytes) {
        return command("send", address, List.of(Integer.toString(megabytes)))
                .toArray(String[]::new);
    }

    /** The command that sends steadily until a file exists. */
    List<String> steady(String file) {
        return command("steady", address, List.of(file));
    }

    private static List<String> command(String role, String address, List<String> more) {
        var command =
                new ArrayList<>(
                        List.of(
                                ProcessHandle.current().info().command().orElse("java"),
                                "-XX:+UseSerialGC",
                                "-Xmx64m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Transfer.class.getName(),
                                role,
                                address,
                                Integer.toString(PORT)));
        command.addAll(more);
        return command;
    }

    /** Compares "sent BYTES CRC32C" with "received BYTES CRC32C MILLISECONDS". */
    Demonstration.Step outcome(String name, String sent) {
        receiver.awaitExit(LIMIT);
        receiver.kill();
        String received = receiver.logTail(1).strip();
        String[] out = sent.split(" ", -1);
        String[] in = received.split(" ", -1);
        if (out.length != 3 || in.length != 4) {
            return new Demonstration.Step(
                    name, false, "sender: " + sent + "; receiver: " + received);
        }
        boolean same = out[1].equals(in[1]) && out[2].equals(in[2]);
        double seconds = Math.max(1, Long.parseLong(in[3])) / 1000.0;
        double megabits = Long.parseLong(in[1]) * 8 / 1e6 / seconds;
        String detail =
                "%d MB in %.1f s, %.0f Mbit/s, %s"
                        .formatted(
                                Long.parseLong(in[1]) >> 20,
                                seconds,
                                megabits,
                                same ? "CRC-32C equal" : "CRC-32C differs");
        return new Demonstration.Step(name, same, detail);
    }
}
