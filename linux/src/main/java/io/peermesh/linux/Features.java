package io.peermesh.linux;

import java.util.List;

/**
 * What of the machine's optional abilities is in use, and why not when it is not.
 *
 * @param gso many equal datagrams in one send
 * @param gro many equal datagrams in one receive
 * @param errors ICMP errors about links, so that a dead peer is probed at once
 * @param vnetHeader super-packets and unfinished checksums on the TUN device
 * @param udpOffload UDP super-packets on the TUN device
 * @param forcedBuffers socket buffers above the system's limit
 * @param priority the loops run before other threads of the machine
 * @param libcrypto ciphers of OpenSSL instead of the JDK's
 * @param fastAes AES instructions, so that links use AES-256-GCM
 */
public record Features(
        Feature gso,
        Feature gro,
        Feature errors,
        Feature vnetHeader,
        Feature udpOffload,
        Feature forcedBuffers,
        Feature priority,
        Feature libcrypto,
        Feature fastAes) {

    /**
     * One ability.
     *
     * @param detail what is in use, such as "libcrypto 3.0.19", or why it is not and what that
     *     costs
     */
    public record Feature(String name, boolean inUse, String detail) {
        /** For example {@code "UDP GSO: off (switched off by no-gso)"}. */
        @Override
        public String toString() {
            String state = name + ": " + (inUse ? "on" : "off");
            return detail.isEmpty() ? state : state + " (" + detail + ")";
        }
    }

    /** All of them, in a fixed order. */
    public List<Feature> all() {
        return List.of(
                gso,
                gro,
                errors,
                vnetHeader,
                udpOffload,
                forcedBuffers,
                priority,
                libcrypto,
                fastAes);
    }

    /** One line each, for the operator. */
    public List<String> lines() {
        return all().stream().map(Feature::toString).toList();
    }
}
