package io.peermesh.wire;

import io.peermesh.ip.IpAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads big-endian fields and never past the end. The first failure sticks: from then on every read
 * gives zeros, and {@link #failure} says what was wrong, so that a codec checks once, in the end.
 */
final class ByteReader {
    private final ByteBuffer bytes;
    private Optional<String> failure = Optional.empty();

    ByteReader(byte[] message) {
        bytes = ByteBuffer.wrap(message);
    }

    /** What was wrong first; empty when nothing was. */
    Optional<String> failure() {
        return failure;
    }

    /** Notes a failure unless there is one. */
    void fail(String reason) {
        if (failure.isEmpty()) {
            failure = Optional.of(reason);
        }
    }

    /** Fails unless the condition holds. */
    void require(boolean condition, String otherwise) {
        if (!condition) {
            fail(otherwise);
        }
    }

    int u8() {
        return has(1) ? bytes.get() & 0xff : 0;
    }

    int u16() {
        return has(2) ? bytes.getShort() & 0xffff : 0;
    }

    int i32() {
        return has(4) ? bytes.getInt() : 0;
    }

    long i64() {
        return has(8) ? bytes.getLong() : 0;
    }

    /** A count of things that follow, within a limit. */
    int count(int limit, String things) {
        int count = u8();
        require(count <= limit, "more than " + limit + " " + things);
        return count <= limit ? count : 0;
    }

    /** Reads zeros that later versions may use. */
    void reserved(int count) {
        for (int i = 0; i < count; i++) {
            require(u8() == 0, "reserved byte set");
        }
    }

    IpAddress address() {
        return new IpAddress(i64(), i64());
    }

    byte[] bytes(int count) {
        byte[] copy = new byte[has(count) ? count : 0];
        bytes.get(copy);
        return copy;
    }

    /** Strict UTF-8. */
    String text(int count) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(count)))
                    .toString();
        } catch (CharacterCodingException e) {
            fail("text is not UTF-8");
            return "";
        }
    }

    /** Leaves the rest unread. */
    void skipRest() {
        bytes.position(bytes.limit());
    }

    /** Fails when anything is left. */
    void end() {
        require(!bytes.hasRemaining(), "trailing bytes");
    }

    private boolean has(int count) {
        require(bytes.remaining() >= count, "truncated");
        return failure.isEmpty();
    }
}
