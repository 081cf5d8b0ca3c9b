package io.peermesh.admin;

import io.peermesh.ip.IpAddress;
import io.peermesh.replication.SharedEntry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The topology-wide state by key, and the one place that knows the keys:
 *
 * <pre>
 *   topology/name                 text
 *   endpoint/ID                   HOST:PORT where clients reach controller ID; empty for its default
 *   member/ID                     INSTALLATION HOST of a controller that joined; see {@link Member}
 *   pack/ADDRESS/disabled         1 or 0; 1 is greater, so it wins a tie
 *   pack/ADDRESS/generation       ten digits with zeros in front, so the higher one wins a tie
 *   pack/ADDRESS/checked_out      1 or 0
 *   pack/ADDRESS/tag/KEY          "=" and the value; empty for a tag that was removed
 * </pre>
 */
record SharedFields(Map<String, SharedEntry> entries) {
    /** The topology's name. */
    static final String TOPOLOGY_NAME = "topology/name";

    /** What all keys of clientpacks begin with. */
    static final String PACK = "pack/";

    private static final String MEMBER = "member/";

    static final String DISABLED = "disabled";
    static final String GENERATION = "generation";
    static final String CHECKED_OUT = "checked_out";
    static final String TAG = "tag/";

    static SharedFields of(List<SharedEntry> entries) {
        return new SharedFields(
                entries.stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        SharedEntry::key, Function.identity())));
    }

    static String endpoint(int controllerId) {
        return "endpoint/" + controllerId;
    }

    static String member(int controllerId) {
        return MEMBER + controllerId;
    }

    /** The controller id in a key that {@link #member} made; 0 for any other key. */
    static int memberId(String key) {
        String id = key.startsWith(MEMBER) ? key.substring(MEMBER.length()) : "";
        return id.matches("[1-9]|10") ? Integer.parseInt(id) : 0;
    }

    static String pack(IpAddress address, String field) {
        return PACK + address + "/" + field;
    }

    /** A value; empty when it was never set, or is empty text. */
    Optional<String> find(String key) {
        return Optional.ofNullable(entries.get(key))
                .map(SharedEntry::value)
                .filter(value -> !value.isEmpty());
    }

    /** All entries, by key. */
    List<SharedEntry> all() {
        return entries.values().stream().sorted((a, b) -> a.key().compareTo(b.key())).toList();
    }
}
