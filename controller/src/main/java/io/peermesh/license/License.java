package io.peermesh.license;

import io.peermesh.ip.Prefix;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A license whose signature is good. The file: three parts in base64, separated by dots, in an
 * armor; white space means nothing anywhere, since API clients strip it.
 *
 * <pre>
 *   -----BEGIN PEERMESH LICENSE-----
 *   claims (JSON)
 *   .
 *   issuer's public key (X.509 SubjectPublicKeyInfo, Ed25519: 44 bytes)
 *   .
 *   signature over the bytes of the claims (RFC 8032: 64 bytes)
 *   -----END PEERMESH LICENSE-----
 * </pre>
 *
 * @param issuer fingerprint of the issuer key: the first 20 bytes of its SHA-256, as hex digits
 * @param text the file without white space
 */
public record License(LicenseClaims claims, String issuer, String text) {
    /** Longest file that is read, characters. */
    public static final int MAX_CHARACTERS = 16 * 1024;

    static final String TYPE = "peermesh-license";
    static final int VERSION = 1;

    private static final Pattern FORM =
            Pattern.compile(
                    "-----BEGINPEERMESHLICENSE-----"
                            + "([A-Za-z0-9+/]+={0,2})\\.([A-Za-z0-9+/]+={0,2})\\.([A-Za-z0-9+/]*={0,2})"
                            + "-----ENDPEERMESHLICENSE-----");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** A license, or why a text is none. */
    public sealed interface Parsed {
        /** The signature is good and the claims are sound. */
        record Good(License license) implements Parsed {}

        /** Not a license; the reason is for the operator. */
        record Bad(String reason) implements Parsed {}
    }

    /** Parses a license file, and checks signature and claims; not whether it has expired. */
    public static Parsed parse(String file) {
        if (file.length() > MAX_CHARACTERS) {
            return new Parsed.Bad("the file is longer than a license can be");
        }
        String text = file.replaceAll("\\s+", "");
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return new Parsed.Bad(
                    "this is no Peermesh license: it must begin with -----BEGIN PEERMESH"
                            + " LICENSE----- and be complete");
        }
        if (form.group(3).isEmpty()) {
            return new Parsed.Bad("the license is not signed");
        }
        try {
            byte[] claims = Base64.getDecoder().decode(form.group(1));
            byte[] issuer = Base64.getDecoder().decode(form.group(2));
            byte[] signature = Base64.getDecoder().decode(form.group(3));
            if (!isSignedBy(issuer, claims, signature)) {
                return new Parsed.Bad(
                        "the signature does not fit: the file was changed, or copied in part");
            }
            return read(claims, fingerprint(issuer), text);
        } catch (IllegalArgumentException e) {
            return new Parsed.Bad("the license is garbled: its base64 text is broken");
        }
    }

    private static boolean isSignedBy(byte[] issuer, byte[] claims, byte[] signature) {
        try {
            PublicKey key =
                    KeyFactory.getInstance("Ed25519")
                            .generatePublic(new X509EncodedKeySpec(issuer));
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(claims);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // a malformed key or signature is no signature
        }
    }

    private static Parsed read(byte[] bytes, String issuer, String text) {
        try {
            JsonNode json = JSON.readTree(bytes);
            if (!json.path("type").asString("").equals(TYPE)) {
                return new Parsed.Bad("what is signed is no Peermesh license");
            }
            if (json.path("version").asInt(0) != VERSION) {
                return new Parsed.Bad("the license has a newer form; use a newer Peermesh");
            }
            LicenseClaims claims = claims(json);
            Optional<String> fault = claims.fault();
            return fault.isPresent()
                    ? new Parsed.Bad(fault.get())
                    : new Parsed.Good(new License(claims, issuer, text));
        } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
            return new Parsed.Bad("the license is garbled: its claims cannot be read");
        }
    }

    private static LicenseClaims claims(JsonNode json) {
        return new LicenseClaims(
                UUID.fromString(json.path("id").asString("")),
                json.path("topology").asString(""),
                json.path("controllers").asInt(0),
                json.path("clients").asInt(-1),
                Prefix.literal(json.path("overlay").asString("")),
                Instant.parse(json.path("issued").asString("")),
                json.has("expires")
                        ? Optional.of(Instant.parse(json.path("expires").asString("")))
                        : Optional.empty());
    }

    /** How an issuer key is named: 40 hex digits. */
    static String fingerprint(byte[] publicKey) {
        return HexFormat.of().formatHex(digest("SHA-256", publicKey), 0, 20);
    }

    /** SHA-1 over the text without white space, 40 hex digits; names the file, proves nothing. */
    public String sha1() {
        return HexFormat.of().formatHex(digest("SHA-1", text.getBytes(StandardCharsets.US_ASCII)));
    }

    private static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no " + algorithm, e);
        }
    }
}
