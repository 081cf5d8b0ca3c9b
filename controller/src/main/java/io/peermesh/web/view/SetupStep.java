package io.peermesh.web.view;

/**
 * A step of the set-up.
 *
 * @param state {@code done}, {@code current} or {@code open}
 */
public record SetupStep(String label, String hint, String href, String state) {}
