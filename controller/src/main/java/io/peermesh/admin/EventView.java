package io.peermesh.admin;

import java.time.Instant;

/**
 * One entry of the event log.
 *
 * @param kind such as {@code peer_up}; see {@link EventKind}
 * @param subject what it is about: {@code controller 2}, a clientpack's name
 * @param text for people: what happened, the cause, what to do
 */
public record EventView(
        long id, Instant at, EventKind kind, String subject, String text, EventDetail detail) {}
