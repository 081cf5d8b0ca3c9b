package io.peermesh.admin;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Clientpacks: credentials and configuration for one overlay address each. Their state belongs to
 * the topology, so a change here reaches every controller. Names are accepted with underscores and
 * with dots.
 */
@SuppressWarnings("DoNotCallSuggester") // the bodies land next
public final class ClientpackAdmin {
    /** Most tags of a pack. */
    public static final int MAX_TAGS = 32;

    ClientpackAdmin() {}

    /** All packs, by sequential id. */
    public Outcome<List<PackView>> list() {
        throw new UnsupportedOperationException();
    }

    /** One pack. */
    public Outcome<PackView> find(String name) {
        throw new UnsupportedOperationException();
    }

    /** Changes one pack. */
    public Outcome<PackView> change(Actor actor, String name, PackChange change) {
        throw new UnsupportedOperationException();
    }

    /** Changes all packs; answers how many differ from before. */
    public Outcome<Integer> changeAll(
            Actor actor, Optional<Boolean> enabled, Optional<Boolean> checkedOut) {
        throw new UnsupportedOperationException();
    }

    /**
     * Checks out the lowest free pack, within the addresses {@code low} to {@code high} where
     * given.
     */
    public Outcome<PackView> checkOutNext(
            Actor actor, Optional<String> low, Optional<String> high, boolean includeDisabled) {
        throw new UnsupportedOperationException();
    }

    /** Sets a tag; the key is in snake or kebab case. Answers all tags of the pack. */
    public Outcome<Map<String, String>> putTag(Actor actor, String name, String key, String value) {
        throw new UnsupportedOperationException();
    }

    /** Removes a tag; fine when it is not there. Answers all tags of the pack. */
    public Outcome<Map<String, String>> removeTag(Actor actor, String name, String key) {
        throw new UnsupportedOperationException();
    }

    /** The pack as a WireGuard configuration, with this controller as home. Noted as a download. */
    public Outcome<PackFile> download(Actor actor, String name) {
        throw new UnsupportedOperationException();
    }
}
