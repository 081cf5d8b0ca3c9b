package io.peermesh.admin;

import io.peermesh.admin.Configuration.Field;
import io.peermesh.liveness.ProbeProfile;
import io.peermesh.node.Desired;
import java.util.Locale;
import java.util.Optional;

/**
 * How this controller behaves in the mesh: its share of the clients, how often links are probed.
 */
public final class MemberAdmin {
    private final Changes changes;

    MemberAdmin(Changes changes) {
        this.changes = changes;
    }

    /**
     * The settings.
     *
     * @param weight this controller's share compared to the others', 1..100
     * @param movesPerMinute clients that it may hand over in a minute when it has more than its
     *     share, 0..600
     */
    public record View(int weight, int movesPerMinute, ProbeProfile probes) {}

    /** What is not given stays as it is. */
    public record Change(
            Optional<Integer> weight, Optional<Integer> movesPerMinute, Optional<String> probes) {}

    /** The settings as stored. */
    public View view() {
        Configuration now = changes.current();
        Desired.Load load = MemberSettings.load(now);
        return new View(load.weight(), load.movesPerMinute(), MemberSettings.probes(now));
    }

    /** Changes them; all or nothing. */
    public Outcome<View> change(Actor actor, Change change) {
        Optional<String> probes =
                change.probes().map(text -> text.strip().toLowerCase(Locale.ROOT));
        Optional<Problem> problem =
                range("weight", change.weight(), 1, Desired.Load.MAX_WEIGHT)
                        .or(() ->
                                range(
                                        "moves_per_minute",
                                        change.movesPerMinute(),
                                        0,
                                        Desired.Load.MAX_MOVES_PER_MINUTE))
                        .or(() -> probesProblem(probes));
        if (problem.isPresent()) {
            return Outcome.refused(problem.get());
        }
        return changes.<Boolean>change(
                        actor,
                        "change-controller-settings",
                        "",
                        tx -> {
                            change.weight()
                                    .ifPresent(each -> tx.local().put(Field.WEIGHT, "" + each));
                            change.movesPerMinute()
                                    .ifPresent(each ->
                                            tx.local().put(Field.MOVES_PER_MINUTE, "" + each));
                            probes.ifPresent(each -> tx.local().put(Field.PROBES, each));
                            return Outcome.done(true);
                        })
                .map(_ -> view());
    }

    private static Optional<Problem> range(
            String field, Optional<Integer> value, int least, int most) {
        return value.isEmpty() || (value.get() >= least && value.get() <= most)
                ? Optional.empty()
                : Optional.of(
                        Problem.argument(
                                "%s is invalid: it must be %d to %d, not %d"
                                        .formatted(field, least, most, value.get())));
    }

    private static Optional<Problem> probesProblem(Optional<String> probes) {
        for (ProbeProfile profile : ProbeProfile.values()) {
            if (probes.isEmpty() || profile.name().toLowerCase(Locale.ROOT).equals(probes.get())) {
                return Optional.empty();
            }
        }
        return Optional.of(
                Problem.argument(
                        "probes is invalid: it must be fast, normal or slow, not "
                                + ConfigAdmin.printable(probes.get())));
    }
}
