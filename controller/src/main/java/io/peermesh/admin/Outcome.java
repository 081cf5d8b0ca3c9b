package io.peermesh.admin;

import java.util.function.Function;

/** What became of a request: done, or refused for a reason. Faults are exceptions, not outcomes. */
public sealed interface Outcome<T> {
    /** It was done, and is stored. */
    record Done<T>(T value) implements Outcome<T> {}

    /** Nothing was changed. */
    record Refused<T>(Problem problem) implements Outcome<T> {}

    /** It was done. */
    static <T> Outcome<T> done(T value) {
        return new Done<>(value);
    }

    /** It was refused. */
    static <T> Outcome<T> refused(Problem problem) {
        return new Refused<>(problem);
    }

    /** The same outcome with another value. */
    default <R> Outcome<R> map(Function<? super T, ? extends R> change) {
        return switch (this) {
            case Done<T>(T value) -> new Done<>(change.apply(value));
            case Refused<T>(Problem problem) -> new Refused<>(problem);
        };
    }

    /** The outcome of a second step that is tried only when the first was done. */
    default <R> Outcome<R> then(Function<? super T, Outcome<R>> next) {
        return switch (this) {
            case Done<T>(T value) -> next.apply(value);
            case Refused<T>(Problem problem) -> new Refused<>(problem);
        };
    }
}
