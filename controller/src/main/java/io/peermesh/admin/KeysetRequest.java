package io.peermesh.admin;

import java.util.Optional;

/**
 * Generate a keyset, or with a source fetch it.
 *
 * @param token the security token
 * @param source HOST[:PORT] of a controller that has the keyset; default port 8000
 * @param topologyName a new name, when generating
 */
public record KeysetRequest(
        Optional<String> token, Optional<String> source, Optional<String> topologyName) {
    @Override
    public String toString() {
        return "KeysetRequest[source=" + source + "]"; // the token is secret
    }
}
