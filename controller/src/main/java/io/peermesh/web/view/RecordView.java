package io.peermesh.web.view;

/**
 * An event or an entry of the audit trail.
 *
 * @param kind of the event, or what was done
 * @param text of the event, or what it was done to
 * @param cause of the event, or who did it
 * @param figures of the event, or where it was done from
 */
public record RecordView(Moment at, String kind, String text, String cause, String figures) {}
