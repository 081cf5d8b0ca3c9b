package io.peermesh.web;

import io.peermesh.main.Main;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real controller in a process of its own, on an address of the loopback, without TUN. */
record LocalController(Process process, Path log, String address, String firstPassword)
        implements AutoCloseable {
    private static final Pattern PASSWORD = Pattern.compile("password: (\\S+)");
    private static final int API_PORT = 8000;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(120);

    /** Three bytes of an address that nobody else is likely to use now. */
    static String network() {
        var random = new SecureRandom();
        return "127." + (2 + random.nextInt(250)) + "." + random.nextInt(256) + ".";
    }

    /** Starts, and waits until it serves. */
    static LocalController start(Path directory, String address) throws IOException {
        Files.createDirectories(directory);
        Path log = directory.resolve("log");
        Process process =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-XX:+UseSerialGC",
                                        "-XX:TieredStopAtLevel=1",
                                        "-Xmx256m",
                                        "--enable-native-access=ALL-UNNAMED",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        Main.class.getName(),
                                        "controller",
                                        "--data",
                                        directory.resolve("data").toString(),
                                        "--api",
                                        address + ":" + API_PORT,
                                        "--underlay",
                                        address,
                                        "--tun",
                                        "none"))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        String text = awaitStart(process, log, address);
        Matcher password = PASSWORD.matcher(text);
        if (!password.find()) {
            process.destroyForcibly();
            throw new AssertionError(text);
        }
        return new LocalController(process, log, address, password.group(1));
    }

    private static String awaitStart(Process process, Path log, String address) throws IOException {
        long end = System.nanoTime() + LIMIT_NANOS;
        while (!accepts(address) && System.nanoTime() < end) {
            try {
                if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
                    break;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        return Files.readString(log);
    }

    /** Not by its log, whose level is the test's. */
    private static boolean accepts(String address) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, API_PORT), 100);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Where its pages are. */
    String root() {
        return "https://" + address + ":" + API_PORT;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
