package io.peermesh.api;

/**
 * One entry of {@code GET /api/mesh/v1/events}.
 *
 * @param at RFC 3339
 * @param kind such as {@code peer_up}
 * @param subject what it is about
 * @param text for people
 */
public record Event(long id, String at, String kind, String subject, String text) {}
