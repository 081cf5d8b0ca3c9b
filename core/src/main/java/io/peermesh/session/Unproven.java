package io.peermesh.session;

import io.peermesh.session.SessionOutput.Established;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Sessions that one side has answered and the other has not used yet; the last few of them. */
final class Unproven {
    private static final int MAX = 4;

    private final Map<Keypair, Established> sessions = new LinkedHashMap<>();

    void add(Established waiting) {
        sessions.put(waiting.keypair(), waiting);
        if (sessions.size() > MAX) {
            sessions.remove(sessions.keySet().iterator().next());
        }
    }

    Optional<Established> remove(Keypair keypair) {
        return Optional.ofNullable(sessions.remove(keypair));
    }

    void clear() {
        sessions.clear();
    }
}
