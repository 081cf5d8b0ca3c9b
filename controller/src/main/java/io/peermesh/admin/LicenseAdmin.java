package io.peermesh.admin;

/** License and its parameters; accepting the parameters is final. */
@SuppressWarnings("DoNotCallSuggester") // the bodies land next
public final class LicenseAdmin {
    LicenseAdmin() {}

    /** Refused with {@link Problem#UNLICENSED} before an upload. */
    public Outcome<LicenseView> view() {
        throw new UnsupportedOperationException();
    }

    /** Takes a license file; the same file again changes nothing. */
    public Outcome<LicenseView> upload(Actor actor, String text) {
        throw new UnsupportedOperationException();
    }

    /**
     * Accepts parameters, then signals the restart; the same again changes nothing, and signals.
     */
    public Outcome<LicenseView> acceptParameters(Actor actor, ParametersRequest request) {
        throw new UnsupportedOperationException();
    }

    /**
     * Pins the issuer of this license instead of the present one: for an issuer whose key is lost.
     */
    public Outcome<LicenseView> repin(Actor actor, String text) {
        throw new UnsupportedOperationException();
    }
}
