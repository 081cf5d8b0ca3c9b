package io.peermesh.telemetry;

import io.peermesh.admin.EventLog;
import io.peermesh.admin.MeshRecorder;
import io.peermesh.admin.MoveTimes;
import io.peermesh.admin.MoveTimes.Histogram;
import java.util.Map;

/** Metrics of what happened: how often, and how long it took. */
final class EventMetrics {
    private static final double NANOS_PER_SECOND = 1e9;

    private final EventLog log;
    private final MoveTimes times;
    private final MeshRecorder recorder;

    EventMetrics(EventLog log, MoveTimes times, MeshRecorder recorder) {
        this.log = log;
        this.times = times;
        this.recorder = recorder;
    }

    void scrape(PrometheusText text) {
        causes(
                text,
                "peermesh_link_downs_total",
                "Links that went down, by cause.",
                times.linkDowns());
        causes(
                text,
                "peermesh_client_moves_total",
                "Clients that moved here from another controller, by cause.",
                times.clientMoves());
        histogram(
                text,
                "peermesh_link_detect_seconds",
                "From the last sign of life to the decision that a link is down.",
                times.linkDetect());
        histogram(
                text,
                "peermesh_link_repair_seconds",
                "From that decision until other paths were in use.",
                times.linkRepair());
        histogram(
                text,
                "peermesh_client_detect_seconds",
                "From the last sign of life of a client's owner to the decision to take over.",
                times.clientDetect());
        histogram(
                text,
                "peermesh_client_move_seconds",
                "From that decision until the client had proven its session here.",
                times.clientMove());
        count(text, "peermesh_events_lost_total", "Events that were not recorded.", log.lost());
        count(
                text,
                "peermesh_events_pruned_total",
                "Events that were forgotten, being too old or too many.",
                log.pruned());
        count(
                text,
                "peermesh_history_lost_total",
                "Looks at the mesh that were not recorded.",
                recorder.lost());
        count(
                text,
                "peermesh_history_pruned_total",
                "Recorded states and link samples that were forgotten, being too old or too many.",
                recorder.pruned());
    }

    private static void causes(
            PrometheusText text, String name, String help, Map<String, Long> counts) {
        text.metric(name, "counter", help);
        counts.forEach((cause, count) -> text.sample(name, Map.of("cause", cause), (double) count));
    }

    private static void histogram(
            PrometheusText text, String name, String help, Histogram histogram) {
        text.metric(name, "histogram", help);
        int bounds = Histogram.BOUNDS_NANOS.size();
        for (int i = 0; i < bounds; i++) {
            double seconds = Histogram.BOUNDS_NANOS.get(i) / NANOS_PER_SECOND;
            text.sample(
                    name + "_bucket",
                    Map.of("le", Double.toString(seconds)),
                    (double) histogram.countUpTo(i));
        }
        double all = (double) histogram.countUpTo(bounds);
        text.sample(name + "_bucket", Map.of("le", "+Inf"), all);
        text.sample(name + "_sum", Map.of(), histogram.sumNanos() / NANOS_PER_SECOND);
        text.sample(name + "_count", Map.of(), all);
    }

    private static void count(PrometheusText text, String name, String help, long value) {
        text.metric(name, "counter", help).sample(name, Map.of(), (double) value);
    }
}
