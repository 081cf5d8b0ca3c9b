package io.peermesh.admin;

import java.time.Duration;

/** Lets time pass; the one thing that a clock cannot do. */
@FunctionalInterface
public interface Pause {
    /** Sleeps; ends early when the thread is interrupted, which stays so. */
    Pause REAL =
            time -> {
                try {
                    Thread.sleep(time);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            };

    /** Returns when the time is over. */
    void pass(Duration time);
}
