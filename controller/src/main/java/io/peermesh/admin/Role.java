package io.peermesh.admin;

import java.util.Arrays;
import java.util.Optional;

/** What a user of the web UI may do; each role may do what those before it may. */
public enum Role {
    /** Sees everything that is no secret. */
    READ_ONLY("read-only"),
    /** Also hands out clientpacks, sets routes and peers, drains. */
    OPERATOR("operator"),
    /** Also license, keyset, users, tokens, certificate. */
    ADMIN("admin");

    private final String label;

    Role(String label) {
        this.label = label;
    }

    /** The name outside of the program. */
    public String label() {
        return label;
    }

    /** Whether this role suffices where {@code needed} is needed. */
    public boolean allows(Role needed) {
        return compareTo(needed) >= 0;
    }

    /** By its label. */
    public static Optional<Role> parse(String label) {
        return Arrays.stream(values()).filter(role -> role.label.equals(label)).findFirst();
    }
}
