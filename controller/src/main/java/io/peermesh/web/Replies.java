package io.peermesh.web;

import io.peermesh.http.server.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Answers of the web UI, all with the same protective headers. */
final class Replies {
    /**
     * Nothing is loaded from elsewhere, no script or style stands in a page, nobody frames us. No
     * Strict-Transport-Security: with it a browser would refuse the self-signed certificate for
     * good.
     */
    private static final Map<String, String> PROTECTION =
            Map.of(
                    "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                            + " connect-src 'self'; form-action 'self'; frame-ancestors 'none';"
                            + " base-uri 'none'",
                    "X-Frame-Options",
                    "DENY",
                    "Referrer-Policy",
                    "same-origin",
                    "Cross-Origin-Opener-Policy",
                    "same-origin",
                    "Cross-Origin-Resource-Policy",
                    "same-origin",
                    "Permissions-Policy",
                    "camera=(), geolocation=(), microphone=()");

    private static final String HTML = "text/html; charset=utf-8";

    private Replies() {}

    /** A page. */
    static Answer html(int status, String html) {
        return new Answer.Page(status, HTML, PROTECTION, html.getBytes(StandardCharsets.UTF_8));
    }

    /** To another page, by GET. */
    static Answer redirect(String path) {
        return new Answer.Page(303, HTML, with(Map.of("Location", path)), new byte[0]);
    }

    /** Likewise, with a cookie. */
    static Answer redirect(String path, String cookie) {
        return new Answer.Page(
                303, HTML, with(Map.of("Location", path, "Set-Cookie", cookie)), new byte[0]);
    }

    /** The protective headers and more. */
    static Map<String, String> with(Map<String, String> more) {
        var headers = new java.util.HashMap<>(PROTECTION);
        headers.putAll(more);
        return headers;
    }
}
