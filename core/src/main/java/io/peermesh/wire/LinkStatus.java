package io.peermesh.wire;

import java.util.Optional;

/** What a controller answers to a peer that proved who it is. */
public enum LinkStatus {
    /** The link may carry traffic. */
    ACCEPTED(0),
    /** Another installation, or another copy of it, is connected under the same controller id. */
    SECOND_INSTALLATION(1),
    /** The version ranges do not meet. */
    NO_COMMON_VERSION(2),
    /** None of the offered ciphers is known here. */
    NO_COMMON_CIPHER(3);

    private final int code;

    LinkStatus(int code) {
        this.code = code;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** The status of a number on the wire. */
    public static Optional<LinkStatus> ofCode(int code) {
        for (LinkStatus status : values()) {
            if (status.code == code) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }
}
