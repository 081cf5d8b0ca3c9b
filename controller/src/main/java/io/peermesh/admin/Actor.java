package io.peermesh.admin;

/**
 * Who asks for a change; stands in the audit rows.
 *
 * @param name user name, or {@code token:NAME}, or {@code local} for a shell on the machine
 * @param source the address the request came from, or {@code local}
 */
public record Actor(String name, String source) {
    /** The controller itself, or a shell on its machine. */
    public static final Actor LOCAL = new Actor("local", "local");
}
