package io.peermesh.admin;

import io.peermesh.admin.Configuration.Field;
import io.peermesh.keyset.SourceAddress;
import io.peermesh.license.Addressing;
import io.peermesh.license.LicenseClaims;
import io.peermesh.store.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Names of controller and topology, time servers. */
public final class ConfigAdmin {
    /** Most time servers. */
    public static final int MAX_NTP_HOSTS = 8;

    private final Changes changes;
    private final Settings settings;

    ConfigAdmin(Changes changes, Settings settings) {
        this.changes = changes;
        this.settings = settings;
    }

    /** Works at any time, unlicensed and unpeered too. */
    public ConfigView view() {
        Configuration now = changes.current();
        OptionalInt selfId = now.selfId();
        Optional<Addressing> addressing = selfId.isPresent() ? now.addressing() : Optional.empty();
        return new ConfigView(
                now.topologyName(),
                now.local().getOrDefault(Field.CONTROLLER_NAME, settings.defaultControllerName()),
                now.checksum(),
                now.isLicensed(),
                selfId.isPresent(),
                selfId,
                addressing.map(each -> each.controller(selfId.orElseThrow())),
                addressing.isPresent()
                        ? OptionalInt.of(addressing.get().asns().get(selfId.orElseThrow() - 1))
                        : OptionalInt.empty(),
                settings.privateAddress(),
                settings.publicAddress(),
                settings.subnetGateway(),
                now.local().getOrDefault(Field.NTP_HOSTS, ""));
    }

    /** Changes names; all or nothing. A blank name stays as it is. */
    public Outcome<ConfigView> change(Actor actor, ConfigChange change) {
        Optional<String> topologyName = given(change.topologyName());
        Optional<String> controllerName = given(change.controllerName());
        Optional<Problem> problem =
                nameProblem("topology_name", topologyName)
                        .or(() -> nameProblem("controller_name", controllerName))
                        .or(() -> ntpProblem(change.ntpHosts()));
        if (problem.isPresent()) {
            return Outcome.refused(problem.get());
        }
        return changes.<Boolean>change(
                        actor,
                        "change-config",
                        controllerName.orElse("") + " " + topologyName.orElse(""),
                        tx -> {
                            controllerName.ifPresent(
                                    name -> tx.local().put(Field.CONTROLLER_NAME, name));
                            change.ntpHosts()
                                    .ifPresent(hosts ->
                                            tx.local().put(Field.NTP_HOSTS, normal(hosts)));
                            topologyName.ifPresent(name -> putTopologyName(tx, name));
                            return Outcome.done(true);
                        })
                .map(_ -> view());
    }

    /** Writes nothing when it is the name already, so that repeated calls change no checksum. */
    private void putTopologyName(Transaction tx, String name) {
        Configuration now = changes.current();
        if (!now.topologyName().equals(name)) {
            tx.shared().write(SharedFields.TOPOLOGY_NAME, name, now.writerId());
        }
    }

    private static Optional<String> given(Optional<String> name) {
        return name.map(String::strip).filter(text -> !text.isEmpty());
    }

    static Optional<Problem> nameProblem(String field, Optional<String> name) {
        return name.isEmpty() || LicenseClaims.isName(name.get())
                ? Optional.empty()
                : Optional.of(
                        Problem.argument(
                                field
                                        + " is invalid: it must have 1 to "
                                        + LicenseClaims.MAX_NAME_CHARACTERS
                                        + " printable characters, without quotes"));
    }

    private static Optional<Problem> ntpProblem(Optional<String> hosts) {
        List<String> names = hosts.map(ConfigAdmin::split).orElse(List.of());
        for (String name : names) {
            if (!SourceAddress.isHost(name)) {
                return Optional.of(
                        Problem.argument(
                                "ntp_hosts is invalid: " + printable(name) + " is no host name"));
            }
        }
        return names.size() <= MAX_NTP_HOSTS
                ? Optional.empty()
                : Optional.of(Problem.argument("ntp_hosts is invalid: more than " + MAX_NTP_HOSTS));
    }

    private static String normal(String hosts) {
        return String.join(" ", split(hosts));
    }

    private static List<String> split(String hosts) {
        String text = hosts.strip();
        return text.isEmpty() ? List.of() : List.of(text.split("[\\s,]+", -1));
    }

    /** What a client sent, short and without characters that would spoil a message. */
    static String printable(String text) {
        String plain = text.replaceAll("[^\\p{Alnum}.:_/ -]", "?");
        return plain.length() <= 64 ? plain : plain.substring(0, 64) + "...";
    }
}
