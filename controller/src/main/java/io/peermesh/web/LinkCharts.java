package io.peermesh.web;

import io.peermesh.admin.MeshHistory.Sample;
import io.peermesh.admin.MeshRecorder;
import io.peermesh.web.view.Chart;
import io.peermesh.web.view.Numbers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;

/** Draws round-trip time and loss of a link over time. */
final class LinkCharts {
    /** More points than these nobody can tell apart. */
    private static final int MOST_POINTS = 250;

    private static final double NANOS_PER_MICRO = 1000;
    private static final double LEAST_LOSS = 0.01;
    private static final double LEAST_RTT_MICROS = 100;

    private final Instant begin;
    private final Duration whole;
    private final Duration step;

    /** For charts that all reach from begin to end. */
    LinkCharts(Instant begin, Instant end) {
        this.begin = begin;
        this.whole = Duration.between(begin, end);
        Duration fine = whole.dividedBy(MOST_POINTS);
        this.step = fine.compareTo(MeshRecorder.SAMPLE) < 0 ? MeshRecorder.SAMPLE : fine;
    }

    /** How far apart the samples should be. */
    Duration step() {
        return step;
    }

    /** Round-trip time: the mean as a line, the longest as an area. */
    Optional<Chart> rtt(List<Sample> samples) {
        return chart(
                "Round-trip time",
                samples,
                Sample::rttMicros,
                Sample::rttMostMicros,
                LEAST_RTT_MICROS,
                micros -> Numbers.millis(Math.round(micros * NANOS_PER_MICRO)));
    }

    /** Loss. */
    Optional<Chart> loss(List<Sample> samples) {
        return chart("Loss", samples, Sample::loss, Sample::loss, LEAST_LOSS, Numbers::percent);
    }

    private Optional<Chart> chart(
            String name,
            List<Sample> samples,
            ToDoubleFunction<Sample> mean,
            ToDoubleFunction<Sample> most,
            double least,
            DoubleFunction<String> words) {
        if (samples.isEmpty()) {
            return Optional.empty();
        }
        double highest = samples.stream().mapToDouble(most).max().orElse(0);
        double top = roundedUp(Math.max(highest, least));
        double average = samples.stream().mapToDouble(mean).average().orElse(0);
        var lines = new ArrayList<String>();
        var areas = new ArrayList<String>();
        for (List<Sample> run : runs(samples)) {
            lines.add(path(run, mean, top));
            areas.add(area(run, most, top));
        }
        return Optional.of(
                new Chart(
                        name + ", now " + words.apply(mean.applyAsDouble(samples.getLast())),
                        words.apply(top),
                        name
                                + ": "
                                + words.apply(average)
                                + " on average, "
                                + words.apply(highest)
                                + " at most",
                        lines,
                        areas));
    }

    /** 1, 2 or 5 times a power of ten. */
    private static double roundedUp(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        for (double factor : new double[] {1, 2, 5}) {
            if (value <= factor * power) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    /** Samples without a gap between them. */
    private List<List<Sample>> runs(List<Sample> samples) {
        var runs = new ArrayList<List<Sample>>();
        Instant before = Instant.MIN;
        for (Sample sample : samples) {
            if (sample.at().isAfter(before)) {
                runs.add(new ArrayList<>());
            }
            runs.getLast().add(sample);
            before = sample.at().plus(step).plus(step.dividedBy(2));
        }
        return runs;
    }

    private String path(List<Sample> run, ToDoubleFunction<Sample> value, double top) {
        var path = new StringBuilder();
        for (Sample sample : run) {
            path.append(path.isEmpty() ? 'M' : 'L').append(point(sample, value, top));
        }
        return path.append('H').append(x(run.getLast().at().plus(step))).toString();
    }

    private String area(List<Sample> run, ToDoubleFunction<Sample> value, double top) {
        return path(run, value, top) + "V" + Chart.HEIGHT + "H" + x(run.getFirst().at()) + "Z";
    }

    private String point(Sample sample, ToDoubleFunction<Sample> value, double top) {
        double y = Chart.HEIGHT * (1 - Math.min(1, value.applyAsDouble(sample) / top));
        return x(sample.at()) + " " + number(y);
    }

    private String x(Instant at) {
        double part = (double) Duration.between(begin, at).toMillis() / whole.toMillis();
        return number(Chart.WIDTH * Math.clamp(part, 0.0, 1.0));
    }

    private static String number(double value) {
        return value == Math.rint(value)
                ? Integer.toString((int) value)
                : String.format(Locale.ROOT, "%.1f", value);
    }
}
