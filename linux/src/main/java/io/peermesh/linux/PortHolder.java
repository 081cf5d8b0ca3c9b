package io.peermesh.linux;

import io.peermesh.ip.IpAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
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

    /**
     * Looks for the socket that keeps us from binding {@code address} and {@code port}; empty when
     * there is none or its process cannot be seen.
     */
    static Optional<PortHolder> find(IpAddress address, int port) {
        Set<String> links = new HashSet<>();
        collectSockets(Path.of("/proc/net/udp"), address, port, links);
        collectSockets(Path.of("/proc/net/udp6"), address, port, links);
        return links.isEmpty() ? Optional.empty() : holderOf(links);
    }

    /** Adds the link text, such as "socket:[4711]", of each socket in the way. */
    private static void collectSockets(Path table, IpAddress address, int port, Set<String> links) {
        try {
            for (String line : Files.readAllLines(table)) {
                String[] columns = SPACES.split(line.strip(), -1);
                if (columns.length > INODE_COLUMN
                        && isInTheWay(columns[LOCAL_COLUMN], address, port)) {
                    links.add("socket:[" + columns[INODE_COLUMN] + "]");
                }
            }
        } catch (IOException e) {
            // No such table (IPv6 is off) or no right to read it: the message does without.
            return;
        }
    }

    /**
     * Whether a bound address such as "0100007F:CA6C" (words of 32 bits, each in the byte order of
     * this machine) collides with ours: same port, and same address or one of them for all.
     */
    static boolean isInTheWay(String local, IpAddress address, int port) {
        int colon = local.indexOf(':');
        if (colon % 8 != 0 || !local.substring(colon + 1).equals(String.format("%04X", port))) {
            return false; // the table's heading, or another port
        }
        byte[] bytes = HexFormat.of().parseHex(local.substring(0, colon));
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
            for (int i = 0; i < bytes.length; i += 4) {
                ByteBuffer word = ByteBuffer.wrap(bytes, i, 4);
                word.putInt(i, Integer.reverseBytes(word.getInt(i)));
            }
        }
        IpAddress bound = IpAddress.of(bytes);
        return isForAll(bound) || isForAll(address) || bound.equals(address);
    }

    private static boolean isForAll(IpAddress address) {
        return address.equals(IpAddress.UNSPECIFIED) || address.equals(IpAddress.v4(0));
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
