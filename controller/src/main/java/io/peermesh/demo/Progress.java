package io.peermesh.demo;

import java.io.PrintWriter;

/** Says what is being done, a line per step with the seconds since the start. One thread. */
final class Progress {
    private final PrintWriter writer;
    private final long begin = System.nanoTime();

    Progress(PrintWriter writer) {
        this.writer = writer;
    }

    void say(String line) {
        double seconds = (System.nanoTime() - begin) / 1e9;
        writer.printf("%6.1f s  %s%n", seconds, line);
        writer.flush();
    }
}
