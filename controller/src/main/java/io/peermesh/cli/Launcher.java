package io.peermesh.cli;

import java.nio.file.Path;

/**
 * What the command line cannot do over the API, because there is none yet or none to log in to.
 * Implemented by main, which alone knows the parts of a controller.
 */
public interface Launcher {
    /** Runs a controller until it is told to stop; its exit code. */
    int controller(ControllerOptions options);

    /** Gives both users of the controller in this data directory a new password. */
    Result resetPassword(Path dataDirectory);

    /** Pins the issuer of this license instead of the present one. */
    Result repinLicense(Path dataDirectory, String licenseText);

    /** What became of it. */
    sealed interface Result {
        /** Done; the text is for the operator. */
        record Done(String text) implements Result {}

        /** Not done, and why. */
        record Refused(String reason) implements Result {}
    }
}
