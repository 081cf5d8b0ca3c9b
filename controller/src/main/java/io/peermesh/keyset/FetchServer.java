package io.peermesh.keyset;

/**
 * The side that has the keyset. Answers each message of docs/PROTOCOL.md, "Keyset fetch". Safe from
 * any thread.
 */
@SuppressWarnings("DoNotCallSuggester") // the bodies land next
public final class FetchServer {
    /** Longest message, bytes; longer ones are refused unread. */
    public static final int MAX_MESSAGE_BYTES = 64 * 1024;

    FetchServer() {}

    /**
     * Answers one message, always with JSON; the HTTP status is 200 for every answer, a refusal
     * included.
     *
     * @param source the address that the message came from, without port
     */
    public byte[] answer(String source, byte[] message) {
        throw new UnsupportedOperationException();
    }
}
