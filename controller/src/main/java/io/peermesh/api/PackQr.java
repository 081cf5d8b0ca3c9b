package io.peermesh.api;

import io.nayuki.qrcodegen.DataTooLongException;
import io.nayuki.qrcodegen.QrCode;
import java.util.Optional;

/** A clientpack as a QR code, for phones. */
public final class PackQr {
    private static final int QUIET_MODULES = 4; // ISO/IEC 18004 §9.1

    private PackQr() {}

    /** An SVG document of the pack without its comments; empty when it is too long. */
    public static Optional<String> svg(String packText) {
        QrCode code;
        try {
            code = QrCode.encodeText(PackText.withoutComments(packText), QrCode.Ecc.LOW);
        } catch (DataTooLongException tooLong) {
            return Optional.empty();
        }
        int size = code.size + 2 * QUIET_MODULES;
        return Optional.of(
                """
                <svg xmlns="http://www.w3.org/2000/svg" version="1.1" viewBox="0 0 %1$d %1$d" \
                shape-rendering="crispEdges"><rect width="100%%" height="100%%" fill="#fff"/>\
                <path d="%2$s" fill="#000"/></svg>
                """
                        .formatted(size, darkModules(code)));
    }

    private static String darkModules(QrCode code) {
        var path = new StringBuilder();
        for (int y = 0; y < code.size; y++) {
            for (int x = 0; x < code.size; x++) {
                if (code.getModule(x, y)) {
                    path.append('M').append(x + QUIET_MODULES);
                    path.append(',').append(y + QUIET_MODULES).append("h1v1h-1z");
                }
            }
        }
        return path.toString();
    }
}
