package io.peermesh.web;

import io.peermesh.http.server.Answer;
import io.peermesh.web.session.Sessions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Server-sent events that keep a part of a page up to date: the part is rendered once per {@link
 * #PERIOD}, and sent when it has changed. A stream ends after {@link #LENGTH}, well before the
 * server would cut it, and the browser opens the next; it ends at once with its session, which it
 * does not keep alive.
 */
final class LiveStreams {
    /** Between two looks. */
    static final Duration PERIOD = Duration.ofSeconds(1);

    /** How long one stream lasts. */
    static final Duration LENGTH = Duration.ofSeconds(45);

    /** Streams at a time; more are refused, and their pages stay as they are. */
    static final int MAX_STREAMS = 64;

    private static final Answer TOO_MANY =
            new Answer.Page(503, "text/plain", Map.of("Retry-After", "30"), new byte[0]);

    private final Semaphore open = new Semaphore(MAX_STREAMS);
    private final Sessions sessions;
    private final Door door;

    LiveStreams(Sessions sessions, Door door) {
        this.sessions = sessions;
        this.door = door;
    }

    /** A stream of what {@code part} renders. */
    Answer stream(Visit visit, Supplier<String> part) {
        if (!open.tryAcquire()) {
            return TOO_MANY;
        }
        String cookie = Cookies.of(visit.request(), Cookies.session(visit.request())).orElse("");
        return new Answer.Stream(
                "text/event-stream",
                Replies.with(Map.of("Cache-Control", "no-store", "X-Accel-Buffering", "no")),
                out -> {
                    try {
                        send(out, cookie, part);
                    } finally {
                        open.release();
                    }
                });
    }

    private void send(OutputStream out, String cookie, Supplier<String> part) throws IOException {
        long end = System.nanoTime() + LENGTH.toNanos();
        Optional<String> sent = Optional.empty();
        out.write("retry: 500\n\n".getBytes(StandardCharsets.UTF_8));
        while (System.nanoTime() < end && sessions.find(cookie).flatMap(door::userOf).isPresent()) {
            String now = part.get();
            if (!sent.equals(Optional.of(now))) {
                out.write(event(now).getBytes(StandardCharsets.UTF_8));
                sent = Optional.of(now);
            } else {
                out.write(":\n\n".getBytes(StandardCharsets.UTF_8)); // notices a reader that left
            }
            out.flush();
            try {
                Thread.sleep(PERIOD);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static String event(String html) {
        return "data: " + html.replace("\r", "").replace("\n", "\ndata: ") + "\n\n";
    }
}
