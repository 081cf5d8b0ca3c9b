package io.peermesh.license;

/** A license file whose signature is good. */
@SuppressWarnings("DoNotCallSuggester") // the bodies land next
public record License(LicenseClaims claims, String issuerFingerprint, String text) {
    /** Parses and checks a license file; white space around and between lines does not matter. */
    public static Parsed parse(String text) {
        throw new UnsupportedOperationException(text);
    }

    /** A license, or why it is none. */
    public sealed interface Parsed {
        /** The signature is good. */
        record Good(License license) implements Parsed {}

        /** Not a license. */
        record Bad(String reason) implements Parsed {}
    }
}
