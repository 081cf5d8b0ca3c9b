package io.peermesh.api;

/**
 * Where clients reach a controller, in {@code GET /api/mesh/v1/client-endpoints}.
 *
 * @param endpoint HOST:PORT, IPv6 in brackets
 * @param configured false for a default taken from the underlay address
 */
public record ClientEndpoint(int controllerId, String endpoint, boolean configured) {}
