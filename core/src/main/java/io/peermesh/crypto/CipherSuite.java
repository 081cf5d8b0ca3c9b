package io.peermesh.crypto;

/**
 * The AEAD of a transport session. Both have a 32-byte key, a 12-byte nonce (four zero bytes, then
 * the 64-bit counter, little-endian, as WireGuard has it) and a 16-byte tag.
 */
public enum CipherSuite {
    /** RFC 8439; the only one of stock WireGuard. */
    CHACHA20_POLY1305,
    /** NIST SP 800-38D; for peer links whose both ends have AES instructions. */
    AES_256_GCM
}
