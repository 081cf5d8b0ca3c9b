package io.peermesh.admin;

import io.peermesh.ip.IpAddress;

/**
 * A clientpack as a WireGuard configuration. Holds a private key, so it is never printed.
 *
 * @param fileName such as {@code 10_199_0_1.conf}
 * @param text the whole file
 */
public record PackFile(IpAddress overlayAddress, String fileName, String text) {
    @Override
    public String toString() {
        return "PackFile[" + fileName + "]";
    }
}
