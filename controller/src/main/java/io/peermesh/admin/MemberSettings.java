package io.peermesh.admin;

import io.peermesh.admin.Configuration.Field;
import io.peermesh.liveness.ProbeProfile;
import io.peermesh.node.Desired;
import java.util.Locale;

/** How this controller behaves in the mesh, from its local fields; pure. */
final class MemberSettings {
    private MemberSettings() {}

    static Desired.Load load(Configuration configuration) {
        return new Desired.Load(
                isDraining(configuration),
                number(configuration, Field.WEIGHT, Desired.Load.NORMAL.weight()),
                number(
                        configuration,
                        Field.MOVES_PER_MINUTE,
                        Desired.Load.NORMAL.movesPerMinute()));
    }

    static boolean isDraining(Configuration configuration) {
        return configuration.local().getOrDefault(Field.DRAINING, "").equals("1");
    }

    private static int number(Configuration configuration, String field, int otherwise) {
        String text = configuration.local().getOrDefault(field, "");
        return text.isEmpty() ? otherwise : Integer.parseInt(text);
    }

    static ProbeProfile probes(Configuration configuration) {
        String text = configuration.local().getOrDefault(Field.PROBES, "");
        return text.isEmpty()
                ? ProbeProfile.FAST
                : ProbeProfile.valueOf(text.toUpperCase(Locale.ROOT));
    }
}
