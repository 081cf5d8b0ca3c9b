package io.peermesh.web;

import io.peermesh.demo.Child;
import io.peermesh.demo.Door;
import io.peermesh.demo.Machine;
import io.peermesh.demo.Waiting;
import io.peermesh.main.Main;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A real controller on a machine of a rig, and a port of the loopback that leads to its pages. */
record LocalController(Machine machine, Child process, Door door, String firstPassword)
        implements AutoCloseable {
    private static final Pattern PASSWORD = Pattern.compile("password: (\\S+)");
    private static final int API_PORT = 8000;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration ATTEMPT = Duration.ofSeconds(2);

    /** Starts, and waits until it serves. */
    static LocalController start(Machine machine) {
        Path data = machine.rig().folder().resolve(machine.name());
        Child process =
                machine.start(
                        "controller",
                        Map.of(),
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx256m",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "controller",
                                "--data",
                                data.toString(),
                                "--api",
                                machine.ipv4() + ":" + API_PORT,
                                "--underlay",
                                machine.ipv4(),
                                "--tun",
                                "none"));
        Waiting.untilTrue(LIMIT, () -> !process.isAlive() || accepts(machine));
        Optional<String> password =
                PASSWORD.matcher(process.log())
                        .results()
                        .map((MatchResult found) -> found.group(1))
                        .findFirst();
        return new LocalController(
                machine,
                process,
                machine.door(API_PORT),
                password.orElseThrow(() -> new AssertionError(process.log())));
    }

    /** Not by its log, whose level is the test's. */
    private static boolean accepts(Machine machine) {
        String address = "/dev/tcp/" + machine.ipv4() + "/" + API_PORT;
        return machine.run(ATTEMPT, "bash", "-c", "exec 3<>" + address).ok();
    }

    /** Its address for the other controllers. */
    String address() {
        return machine.ipv4();
    }

    /** Where its pages are, for a browser outside of the rig. */
    String root() {
        return "https://127.0.0.1:" + door.localPort();
    }

    @Override
    public void close() {
        door.close();
        process.stop(Duration.ofSeconds(20));
    }
}
