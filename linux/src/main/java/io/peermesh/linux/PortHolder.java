package io.peermesh.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The process that holds a UDP port, found through /proc: the socket's inode in {@code net/udp} and
 * {@code net/udp6}, then the descriptor that refers to it. Without root only one's own processes
 * can be looked into.
 *
 * @param command the process's name, at most 15 characters
 */
record PortHolder(long pid, String command) {
    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final int LOCAL_COLUMN = 1;
    private static final int INODE_COLUMN = 9;

    /** Empty when nobody holds the port or the holder cannot be seen. */
    static Optional<PortHolder> find(int port) {
        Set<String> links = new HashSet<>();
        collectSockets(Path.of("/proc/net/udp"), port, links);
        collectSockets(Path.of("/proc/net/udp6"), port, links);
        return links.isEmpty() ? Optional.empty() : holderOf(links);
    }

    /** Adds the link text, such as "socket:[4711]", of each socket that is bound to the port. */
    private static void collectSockets(Path table, int port, Set<String> links) {
        String suffix = String.format(":%04X", port);
        try {
            for (String line : Files.readAllLines(table)) {
                String[] columns = SPACES.split(line.strip(), -1);
                if (columns.length > INODE_COLUMN && columns[LOCAL_COLUMN].endsWith(suffix)) {
                    links.add("socket:[" + columns[INODE_COLUMN] + "]");
                }
            }
        } catch (IOException e) {
            // No such table (IPv6 is off) or no right to read it: the message does without.
            return;
        }
    }

    private static Optional<PortHolder> holderOf(Set<String> links) {
        try (DirectoryStream<Path> processes =
                Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process, links)) {
                    long pid = Long.parseLong(process.getFileName().toString());
                    return Optional.of(new PortHolder(pid, command(process)));
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean holds(Path process, Set<String> links) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (links.contains(target(descriptor))) {
                    return true;
                }
            }
        } catch (IOException e) {
            return false; // gone meanwhile, or of another user
        }
        return false;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static String command(Path process) {
        try {
            return Files.readString(process.resolve("comm"), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "?";
        }
    }

    /** For a message to the operator. */
    @Override
    public String toString() {
        return command + " (process " + pid + ")";
    }
}
