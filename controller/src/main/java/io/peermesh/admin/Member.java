package io.peermesh.admin;

import io.peermesh.keyset.SourceAddress;
import java.util.Optional;
import java.util.UUID;

/**
 * A controller that joined: the value of {@code member/ID} in the topology-wide state, {@code
 * INSTALLATION HOST}. Of two installations that were given one id at the same time, all controllers
 * keep the same one, because the newer writing wins everywhere.
 *
 * @param host where the others reach it: address or DNS name
 */
record Member(UUID installation, String host) {
    String toText() {
        return installation + " " + host;
    }

    /** Empty for what another version may have written. */
    static Optional<Member> parse(String text) {
        int blank = text.indexOf(' ');
        if (blank < 0 || !SourceAddress.isHost(text.substring(blank + 1))) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Member(
                            UUID.fromString(text.substring(0, blank)), text.substring(blank + 1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Who has a controller id, as far as that was ever announced. */
    static Optional<Member> of(Configuration configuration, int id) {
        return configuration.shared().find(SharedFields.member(id)).flatMap(Member::parse);
    }
}
