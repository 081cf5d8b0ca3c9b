package io.peermesh.linux;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an operator (or a test) switches off although the machine could do it. Everything is on by
 * default.
 */
public final class Switches {
    /** Nothing switched off. */
    public static final Switches ALL_ON = new Switches(EnumSet.noneOf(Switch.class));

    /** One switch; its word switches the feature off. */
    public enum Switch {
        /** UDP_SEGMENT: many equal datagrams in one send. */
        GSO("no-gso"),
        /** UDP_GRO: many equal datagrams in one receive. */
        GRO("no-gro"),
        /** IP_RECVERR: ICMP about the sockets of links makes them be probed at once. */
        ERRORS("no-errors"),
        /** IPv6 on the underlay: sockets are dual-stack. */
        IPV6("no-ipv6"),
        /** IFF_VNET_HDR: super-packets and unfinished checksums on the TUN device. */
        VNET("no-vnet"),
        /** UDP super-packets on the TUN device. */
        USO("no-uso"),
        /** Socket buffers above the system's limit. */
        FORCED_BUFFERS("no-forced-buffers"),
        /** The loops run before other threads of the machine. */
        PRIORITY("no-priority"),
        /** libcrypto's ciphers instead of the JDK's. */
        LIBCRYPTO("no-libcrypto"),
        /** libcrypto's provider functions called directly instead of through EVP. */
        DISPATCH("no-dispatch"),
        /** AES-256-GCM on links. */
        AES("no-aes");

        private final String word;

        Switch(String word) {
            this.word = word;
        }

        /** The word that switches it off. */
        public String word() {
            return word;
        }
    }

    private final Set<Switch> off;

    private Switches(Set<Switch> off) {
        this.off = off;
    }

    /**
     * Parses a comma-separated list such as {@code no-gso,no-gro}; empty text switches nothing off.
     *
     * @throws IllegalArgumentException for a word that is no switch; the message lists them all
     */
    public static Switches parse(String text) {
        var off = EnumSet.noneOf(Switch.class);
        for (String part : text.split(",", -1)) {
            if (!part.isBlank()) {
                off.add(byWord(part.strip()));
            }
        }
        return new Switches(off);
    }

    private static Switch byWord(String word) {
        for (Switch candidate : Switch.values()) {
            if (candidate.word.equals(word)) {
                return candidate;
            }
        }
        String known =
                Arrays.stream(Switch.values()).map(Switch::word).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("unknown switch '" + word + "'; known are " + known);
    }

    /** Whether the feature may be used. */
    public boolean allows(Switch feature) {
        return !off.contains(feature);
    }

    /** The list that {@link #parse} reads. */
    @Override
    public String toString() {
        return off.stream().map(Switch::word).collect(Collectors.joining(","));
    }
}
