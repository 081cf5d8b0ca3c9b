package io.peermesh.admin;

/**
 * A user of the web UI.
 *
 * @param first whether it is the one that the API's {@code admin_ui} speaks of: always there,
 *     always an administrator
 * @param mustChangePassword the password was generated, nobody has chosen it
 * @param stamp becomes another with each change of the password, and tells nothing about it
 */
public record UserView(
        String name,
        Role role,
        boolean enabled,
        boolean first,
        boolean mustChangePassword,
        String stamp) {}
