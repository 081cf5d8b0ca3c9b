package io.peermesh.store;

import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;

/** What the last download of each clientpack from this controller contained. */
public final class Downloads {
    private final Db db;

    Downloads(Db db) {
        this.db = db;
    }

    /** Digest of the last download, by overlay address. */
    public Map<String, String> digests() {
        return db
                .query(
                        "SELECT address, digest FROM download",
                        row -> Map.entry(row.getString(1), row.getString(2)))
                .stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Notes a download. */
    public void put(String address, String digest, Instant at) {
        db.update(
                "INSERT OR REPLACE INTO download (address, digest, at) VALUES (?, ?, ?)",
                address,
                digest,
                at.toEpochMilli());
    }
}
