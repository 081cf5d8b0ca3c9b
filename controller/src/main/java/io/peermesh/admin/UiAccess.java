package io.peermesh.admin;

/** Whether the web UI is on, and who may log in to it. */
public record UiAccess(boolean enabled, String username) {}
