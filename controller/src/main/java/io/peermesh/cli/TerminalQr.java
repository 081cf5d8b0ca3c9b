package io.peermesh.cli;

import io.nayuki.qrcodegen.DataTooLongException;
import io.nayuki.qrcodegen.QrCode;

/**
 * A QR code of half blocks, two modules to a character: light modules are drawn, so that it reads
 * on a dark terminal and, inverted, on a light one too.
 */
final class TerminalQr {
    private static final int QUIET_MODULES = 4; // ISO/IEC 18004 §9.1

    private TerminalQr() {}

    /** The code, lines end with a newline. */
    static String draw(String text) {
        QrCode code;
        try {
            code = QrCode.encodeText(text, QrCode.Ecc.LOW);
        } catch (DataTooLongException tooLong) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "the clientpack is too long for a QR code; download it instead");
        }
        var lines = new StringBuilder();
        for (int y = -QUIET_MODULES; y < code.size + QUIET_MODULES; y += 2) {
            for (int x = -QUIET_MODULES; x < code.size + QUIET_MODULES; x++) {
                lines.append(half(!code.getModule(x, y), !code.getModule(x, y + 1)));
            }
            lines.append('\n');
        }
        return lines.toString();
    }

    private static char half(boolean upper, boolean lower) {
        if (upper) {
            return lower ? '█' : '▀';
        }
        return lower ? '▄' : ' ';
    }
}
