package io.peermesh.web.view;

/**
 * How a row of the peering table comes up.
 *
 * @param detail round-trip time, or why it is not up
 * @param advice what to open where; empty when nothing is to be done
 */
public record PeerStateView(int id, Pill state, String detail, String advice) {}
