package io.peermesh.port;

/** A source of randomness: the system's in production, a seeded one in tests. */
@FunctionalInterface
public interface Entropy {
    /** Fills the whole array with random bytes. */
    void fill(byte[] target);

    /** 32 random bits. */
    default int nextInt() {
        byte[] bytes = new byte[4];
        fill(bytes);
        return (bytes[0] & 255) << 24
                | (bytes[1] & 255) << 16
                | (bytes[2] & 255) << 8
                | (bytes[3] & 255);
    }
}
