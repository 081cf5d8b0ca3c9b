package io.peermesh.http.server;

import io.peermesh.admin.Outcome;
import io.peermesh.admin.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.function.Function;

/** What a handler answers. */
public sealed interface Answer {
    /** The HTTP status. */
    int status();

    /** {@code {"response": …}}: a record, map, list or string. */
    record Success(int status, Object response) implements Answer {}

    /**
     * {@code {"error": {"name", "log", "message"}}}.
     *
     * @param headers sent along, such as {@code Allow}
     */
    record Failure(int status, String name, String message, Map<String, String> headers)
            implements Answer {
        /** Copies the headers. */
        public Failure {
            headers = Map.copyOf(headers);
        }
    }

    /** Something broke: the caller learns the id of the log entry, the log the rest. */
    record Fault(RuntimeException cause) implements Answer {
        @Override
        public int status() {
            return 500;
        }
    }

    /**
     * A download. API clients compare the content type as a whole, so it has no charset.
     *
     * @param fileName of the attachment
     */
    record File(String contentType, String fileName, byte[] content) implements Answer {
        @Override
        public int status() {
            return 200;
        }
    }

    /** Shown as it is, neither envelope nor attachment. */
    record Document(String contentType, byte[] content) implements Answer {
        @Override
        public int status() {
            return 200;
        }
    }

    /**
     * A page of the web UI, or something that a page needs.
     *
     * @param headers sent along; they win over the server's usual ones
     */
    record Page(int status, String contentType, Map<String, String> headers, byte[] content)
            implements Answer {
        /** Copies the headers. */
        public Page {
            headers = Map.copyOf(headers);
        }
    }

    /**
     * Sent while it is made, until the body has written all; well within {@link Limits#request()}.
     */
    record Stream(String contentType, Map<String, String> headers, Body body) implements Answer {
        /** Copies the headers. */
        public Stream {
            headers = Map.copyOf(headers);
        }

        @Override
        public int status() {
            return 200;
        }

        /** Writes the content of an answer. */
        @FunctionalInterface
        public interface Body {
            /** Writes until there is no more; the stream fails when the other end is gone. */
            void writeTo(OutputStream out) throws IOException;
        }
    }

    /** Success with status 200, also where something was created: API clients expect it. */
    static Answer ok(Object response) {
        return new Success(200, response);
    }

    /** Success with status 201, for the few resources where API clients expect it. */
    static Answer created(Object response) {
        return new Success(201, response);
    }

    /** Failure without further headers. */
    static Answer failure(int status, String name, String message) {
        return new Failure(status, name, message, Map.of());
    }

    /** A refusal in the words of the use cases. */
    static Answer refusal(Problem problem) {
        return failure(problem.kind().status(), problem.kind().errorName(), problem.message());
    }

    /** What a use case gave, as its view or as its refusal. */
    static <T> Answer of(Outcome<T> outcome, Function<? super T, ?> view) {
        return switch (outcome) {
            case Outcome.Done<T>(T value) -> ok(view.apply(value));
            case Outcome.Refused<T>(Problem problem) -> refusal(problem);
        };
    }
}
