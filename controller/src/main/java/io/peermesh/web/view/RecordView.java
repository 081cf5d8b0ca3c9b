package io.peermesh.web.view;

/**
 * An entry of the audit trail.
 *
 * @param kind what was done
 * @param text what it was done to
 * @param cause who did it
 * @param figures where it was done from
 */
public record RecordView(Moment at, String kind, String text, String cause, String figures) {}
