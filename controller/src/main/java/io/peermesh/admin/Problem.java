package io.peermesh.admin;

/**
 * Why a request was refused, in words for the operator.
 *
 * @param kind what sort of refusal; fixes the status and name that API clients see
 * @param message what happened, to which thing, and what to do next; some are fixed, because API
 *     clients compare them
 */
public record Problem(Kind kind, String message) {
    /** The sorts of refusal, with the status codes and error names of the VNS3 API. */
    public enum Kind {
        /** A parameter is missing, malformed or contradicts what is configured. */
        ARGUMENT(400, "APIArgumentError"),
        /** The credential is missing or wrong. */
        UNAUTHORIZED(401, "UnauthorizedError"),
        /** Something else must be done first, such as licensing. */
        PREREQUISITE(403, "PrerequisiteError"),
        /** The named thing does not exist. */
        NOT_FOUND(404, "APINotFoundError");

        private final int status;
        private final String errorName;

        Kind(int status, String errorName) {
            this.status = status;
            this.errorName = errorName;
        }

        /** The HTTP status. */
        public int status() {
            return status;
        }

        /** The {@code name} in the API's error envelope. */
        public String errorName() {
            return errorName;
        }
    }

    /** Compared letter for letter by API clients. */
    public static final Problem UNLICENSED =
            new Problem(Kind.PREREQUISITE, "Must be licensed first.");

    /** Compared letter for letter by API clients. */
    public static final Problem KEYSET_EXISTS =
            new Problem(Kind.ARGUMENT, "Keyset already exists.");

    /** Compared letter for letter by API clients. */
    public static final Problem KEYSET_IN_PROGRESS =
            new Problem(Kind.ARGUMENT, "Keyset setup in progress.");

    /** A bad argument. */
    public static Problem argument(String message) {
        return new Problem(Kind.ARGUMENT, message);
    }

    /** Something that must be done first. */
    public static Problem prerequisite(String message) {
        return new Problem(Kind.PREREQUISITE, message);
    }

    /** An unknown id or name. */
    public static Problem notFound(String message) {
        return new Problem(Kind.NOT_FOUND, message);
    }
}
