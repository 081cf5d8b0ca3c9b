package io.peermesh.license;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/** Issues licenses with the operator's own Ed25519 key. */
public final class LicenseIssuer {
    private static final Set<PosixFilePermission> PRIVATE =
            PosixFilePermissions.fromString("rw-------");
    private static final Base64.Encoder LINES =
            Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final KeyPair keys;

    private LicenseIssuer(KeyPair keys) {
        this.keys = keys;
    }

    /** An issuer with a new key that is kept nowhere. */
    public static LicenseIssuer ephemeral(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(255, random);
            return new LicenseIssuer(generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no Ed25519", e);
        }
    }

    /**
     * Reads the operator's key file, or makes it (mode 0600) when there is none.
     *
     * @throws IssuerKeyException when the file cannot be read, made, or is no issuer key
     */
    public static LicenseIssuer open(Path keyFile, SecureRandom random) {
        try {
            if (Files.exists(keyFile)) {
                return read(keyFile);
            }
            LicenseIssuer issuer = ephemeral(random);
            issuer.save(keyFile);
            return issuer;
        } catch (IOException e) {
            throw new IssuerKeyException(
                    "cannot use " + keyFile + " as the issuer key file: " + e, e);
        }
    }

    private static LicenseIssuer read(Path keyFile) throws IOException {
        if (!PRIVATE.containsAll(Files.getPosixFilePermissions(keyFile))) {
            Files.setPosixFilePermissions(keyFile, PRIVATE);
        }
        String text = Files.readString(keyFile, StandardCharsets.US_ASCII);
        try {
            KeyFactory factory = KeyFactory.getInstance("Ed25519");
            var issuer =
                    new LicenseIssuer(
                            new KeyPair(
                                    factory.generatePublic(
                                            new X509EncodedKeySpec(block(text, "PUBLIC KEY"))),
                                    factory.generatePrivate(
                                            new PKCS8EncodedKeySpec(block(text, "PRIVATE KEY")))));
            issuer.requireMatchingHalves();
            return issuer;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IssuerKeyException(
                    keyFile
                            + " is no issuer key; restore it from a copy, or name another file to"
                            + " start a new one",
                    e);
        }
    }

    private static byte[] block(String text, String name) {
        Matcher block =
                Pattern.compile("-----BEGIN " + name + "-----([^-]*)-----END " + name + "-----")
                        .matcher(text);
        if (!block.find()) {
            throw new IllegalArgumentException("no block " + name);
        }
        return Base64.getDecoder().decode(block.group(1).replaceAll("\\s+", ""));
    }

    private void requireMatchingHalves() throws GeneralSecurityException {
        byte[] probe = {1, 2, 3};
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(keys.getPublic());
        verifier.update(probe);
        if (!verifier.verify(sign(probe))) {
            throw new IllegalArgumentException("the halves of the key do not fit");
        }
    }

    /** Written beside and moved into place, so that a crash never leaves half a key. */
    private void save(Path keyFile) throws IOException {
        Path parent = keyFile.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Path draft = keyFile.resolveSibling(keyFile.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PRIVATE));
        Files.writeString(
                draft,
                keyText(),
                StandardCharsets.US_ASCII,
                StandardOpenOption.WRITE,
                StandardOpenOption.SYNC);
        Files.move(draft, keyFile, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The key file's content. Secret. */
    public String keyText() {
        return armored("PRIVATE KEY", LINES.encodeToString(keys.getPrivate().getEncoded()))
                + armored("PUBLIC KEY", LINES.encodeToString(keys.getPublic().getEncoded()));
    }

    /** A signed license file. */
    public String issue(LicenseClaims claims) {
        claims.fault()
                .ifPresent(fault -> {
                    throw new IllegalArgumentException(fault);
                });
        byte[] payload = JSON.writeValueAsBytes(json(claims));
        return armored(
                "PEERMESH LICENSE",
                LINES.encodeToString(payload)
                        + "\n.\n"
                        + LINES.encodeToString(keys.getPublic().getEncoded())
                        + "\n.\n"
                        + LINES.encodeToString(sign(payload)));
    }

    private static Object json(LicenseClaims claims) {
        var json =
                JSON.createObjectNode()
                        .put("type", License.TYPE)
                        .put("version", License.VERSION)
                        .put("id", claims.id().toString())
                        .put("topology", claims.topologyName())
                        .put("controllers", claims.controllers())
                        .put("clients", claims.clients())
                        .put("overlay", claims.overlay().toString())
                        .put("issued", claims.issued().toString());
        claims.expires().ifPresent(expires -> json.put("expires", expires.toString()));
        return json;
    }

    private byte[] sign(byte[] payload) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(keys.getPrivate());
            signer.update(payload);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign with Ed25519", e);
        }
    }

    private static String armored(String name, String body) {
        return "-----BEGIN " + name + "-----\n" + body + "\n-----END " + name + "-----\n";
    }

    /** The fingerprint that controllers pin, 40 hex digits. */
    public String fingerprint() {
        return License.fingerprint(keys.getPublic().getEncoded());
    }
}
