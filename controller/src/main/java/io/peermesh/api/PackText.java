package io.peermesh.api;

import java.util.stream.Collectors;

/** The text of a clientpack, which is a WireGuard configuration. */
public final class PackText {
    private PackText() {}

    /** Without comments and empty lines: short enough for a QR code. */
    public static String withoutComments(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
