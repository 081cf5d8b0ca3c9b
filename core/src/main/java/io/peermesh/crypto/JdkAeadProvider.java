package io.peermesh.crypto;

/** The ciphers of the JDK itself: always there, slower than libcrypto. */
public final class JdkAeadProvider implements AeadProvider {
    private final boolean hasFastAes;

    /**
     * A provider of the JDK's ciphers.
     *
     * @param hasFastAes whether this CPU has AES instructions; the JDK uses them by itself
     */
    public JdkAeadProvider(boolean hasFastAes) {
        this.hasFastAes = hasFastAes;
    }

    @Override
    public Aead create(CipherSuite suite, byte[] key) {
        return new JdkAead(suite, key);
    }

    @Override
    public boolean hasFastAes() {
        return hasFastAes;
    }

    @Override
    public String name() {
        return "JDK " + Runtime.version().feature();
    }
}
