package io.peermesh.linux;

import java.util.concurrent.atomic.AtomicLong;

/** A count with one writer; other threads read a value that may be a moment old. */
final class Counter {
    private final AtomicLong value = new AtomicLong();

    /** By the owner only: no locked instruction. */
    void add(long more) {
        value.setOpaque(value.getPlain() + more);
    }

    long value() {
        return value.getOpaque();
    }
}
