package io.peermesh.session;

import java.util.Optional;

/** A refusal with words for the operator; empty where the reason says it all. */
record No(Refusal reason, String detail) {
    static Optional<No> because(Refusal reason) {
        return Optional.of(new No(reason, ""));
    }
}
