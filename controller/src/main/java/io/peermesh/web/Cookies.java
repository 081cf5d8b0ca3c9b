package io.peermesh.web;

import io.peermesh.http.server.Request;
import java.util.Optional;

/**
 * The cookies of the UI. Their names hold the port, since browsers share cookies between the ports
 * of a host, and several controllers may be reached through one. {@code __Host-} makes browsers
 * refuse what another host or an unencrypted page has set.
 */
final class Cookies {
    private static final int MAX_CHARACTERS = 4096;
    private static final String FLAGS = "; Path=/; Secure; HttpOnly; SameSite=Strict";

    private Cookies() {}

    /** The name of the session's cookie. */
    static String session(Request request) {
        return "__Host-peermesh-" + port(request);
    }

    /** The name of the cookie that protects the log-in form. */
    static String login(Request request) {
        return "__Host-peermesh-login-" + port(request);
    }

    private static String port(Request request) {
        String host = request.host();
        String port = host.substring(host.lastIndexOf(':') + 1);
        return port.matches("[0-9]{1,5}") ? port : "443";
    }

    /** A header that sets a cookie until the browser is closed. */
    static String set(String name, String value) {
        return name + "=" + value + FLAGS;
    }

    /** A header that removes a cookie. */
    static String remove(String name) {
        return name + "=; Max-Age=0" + FLAGS;
    }

    /** The value of a cookie. */
    static Optional<String> of(Request request, String name) {
        String header = request.header("cookie").orElse("");
        if (header.length() > MAX_CHARACTERS) {
            return Optional.empty();
        }
        for (String pair : header.split(";", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
                return Optional.of(pair.substring(equals + 1).strip())
                        .filter(value -> !value.isEmpty());
            }
        }
        return Optional.empty();
    }
}
