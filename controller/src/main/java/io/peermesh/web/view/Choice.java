package io.peermesh.web.view;

/** An entry of a drop-down. */
public record Choice(String value, String label, boolean chosen) {}
