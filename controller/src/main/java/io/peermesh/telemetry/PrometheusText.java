package io.peermesh.telemetry;

import java.util.Locale;
import java.util.Map;

/**
 * Writes the Prometheus text exposition format 0.0.4: per metric a HELP and a TYPE line, then a
 * line for each set of labels.
 */
final class PrometheusText {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringBuilder text = new StringBuilder();

    /** Starts a metric. */
    PrometheusText metric(String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        return this;
    }

    /** A sample; labels in the map's order. */
    PrometheusText sample(String name, Map<String, String> labels, double value) {
        text.append(name);
        char separator = '{';
        for (Map.Entry<String, String> label : labels.entrySet()) {
            text.append(separator).append(label.getKey()).append("=\"");
            text.append(escaped(label.getValue())).append('"');
            separator = ',';
        }
        if (!labels.isEmpty()) {
            text.append('}');
        }
        text.append(' ').append(number(value)).append('\n');
        return this;
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%.9g", value);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
