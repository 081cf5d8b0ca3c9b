package io.peermesh.web;

import io.peermesh.http.server.Answer;
import io.peermesh.http.server.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Style, scripts and icon, from the program's own jars. */
final class Assets {
    private static final Map<String, String> FILES =
            Map.of(
                    "style.css", "/io/peermesh/web/style.css",
                    "live.js", "/io/peermesh/web/live.js",
                    "icon.svg", "/io/peermesh/web/icon.svg",
                    "htmx.js", "/META-INF/resources/webjars/htmx.org/2.0.10/dist/htmx.min.js");

    private static final int VERSION_CHARACTERS = 12;

    private record Asset(String type, byte[] plain, byte[] compressed) {}

    private final Map<String, Asset> assets = new LinkedHashMap<>();
    private final String version;

    Assets() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Map.Entry<String, String> file : new TreeMap<>(FILES).entrySet()) {
                byte[] content = read(file.getValue());
                digest.update(content);
                String name = file.getKey();
                assets.put(name, new Asset(type(name), content, Compression.gzip(content)));
            }
            version = HexFormat.of().formatHex(digest.digest()).substring(0, VERSION_CHARACTERS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }

    private static byte[] read(String resource) throws IOException {
        try (InputStream in = Assets.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks " + resource);
            }
            return in.readAllBytes();
        }
    }

    private static String type(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "css" -> "text/css; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            default -> "image/svg+xml";
        };
    }

    /** Differs when any asset does; part of their addresses, so that browsers may keep them. */
    String version() {
        return version;
    }

    /** {@code /assets/VERSION/NAME}. */
    Answer answer(Request request) {
        Asset asset = assets.get(request.pathParameter("name"));
        if (asset == null) {
            return Answer.failure(404, "APINotFoundError", "there is no " + request.path());
        }
        var headers = new HashMap<String, String>();
        headers.put("Cache-Control", "public, max-age=31536000, immutable");
        headers.put("Vary", "Accept-Encoding");
        boolean compressed = Compression.isTaken(request);
        if (compressed) {
            headers.put("Content-Encoding", "gzip");
        }
        return new Answer.Page(
                200,
                asset.type(),
                Replies.with(headers),
                compressed ? asset.compressed() : asset.plain());
    }
}
