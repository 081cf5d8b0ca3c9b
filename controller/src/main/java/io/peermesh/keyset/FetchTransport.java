package io.peermesh.keyset;

/** Carries one message of a keyset fetch or a join to the source and its answer back. */
@FunctionalInterface
public interface FetchTransport {
    /** Where a controller listens unless the source names a port. */
    int DEFAULT_PORT = 8000;

    /** Longest answer, bytes: the topology-wide state of a large topology. Longer ones fail. */
    int MAX_ANSWER_BYTES = 32 * 1024 * 1024;

    /** Where the API serves the keyset exchange. */
    String FETCH_PATH = "/api/mesh/v1/keyset-exchange";

    /** Where the API serves the join exchange. */
    String JOIN_PATH = "/api/mesh/v1/join-exchange";

    /**
     * Posts a message.
     *
     * @param host name or address, IPv6 without brackets
     * @param path {@link #FETCH_PATH} or {@link #JOIN_PATH}
     * @throws FetchUnreachableException when no answer of status 200 came
     */
    byte[] post(String host, int port, String path, byte[] message);
}
