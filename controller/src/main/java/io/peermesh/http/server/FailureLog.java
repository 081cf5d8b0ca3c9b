package io.peermesh.http.server;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives each failure an id, which stands in the answer and in the log. */
final class FailureLog {
    private static final Logger LOG = LoggerFactory.getLogger("io.peermesh.http");
    private static final int ID_BYTES = 5;

    private final SecureRandom random;

    FailureLog(SecureRandom random) {
        this.random = random;
    }

    /** Writes an entry, and the answer that names it. */
    byte[] envelope(String what, Answer.Failure failure) {
        String id = nextId();
        LOG.info("{} {} -> {}: {}", id, what, failure.status(), failure.message());
        return Envelope.failure(failure.name(), id, failure.message());
    }

    /** Writes an entry with the stack trace, and the answer that names it. */
    byte[] envelope(String what, RuntimeException fault) {
        String id = nextId();
        LOG.error("{} {} failed", id, what, fault);
        return Envelope.failure(
                "StandardError",
                id,
                "internal error; the controller's log has the details under " + id);
    }

    private String nextId() {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }
}
