package io.peermesh.cli;

import io.peermesh.ip.IpAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code peermesh controller} was told.
 *
 * @param dataDirectory where the state is kept
 * @param api where the API listens
 * @param underlay the address that UDP ports are bound to, and peers reach; empty for all addresses
 * @param clientPort the clients' UDP port
 * @param tunName the TUN device; empty to forward between tunnels only
 * @param initialApiPasswordFile holds the first API password; empty to have one generated
 * @param disabledFeatures comma-separated words such as {@code no-gso}; empty for none
 * @param allowWeakToken whether security tokens under 12 characters are let in
 */
public record ControllerOptions(
        Path dataDirectory,
        InetSocketAddress api,
        Optional<IpAddress> underlay,
        int clientPort,
        Optional<String> tunName,
        Optional<Path> initialApiPasswordFile,
        String disabledFeatures,
        boolean allowWeakToken) {}
