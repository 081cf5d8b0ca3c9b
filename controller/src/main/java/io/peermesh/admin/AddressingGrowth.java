package io.peermesh.admin;

import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.license.Addressing;
import io.peermesh.license.AddressingText;
import io.peermesh.license.LicenseClaims;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The addresses that a license upgrade adds. What is there stays as it is, so that packs and ids
 * keep their meaning; what is not given continues the default layout in the free addresses:
 *
 * <pre>
 *   clients, upwards from the last ...  free  ... controllers, downwards from the last
 * </pre>
 */
final class AddressingGrowth {
    private AddressingGrowth() {}

    /** What a request says of an upgrade; empty fields were not given. */
    private record Given(
            Optional<List<IpAddress>> clients,
            Optional<List<IpAddress>> controllers,
            Optional<List<Integer>> asns) {}

    /** The addressing with the new addresses, up to what the claims allow. */
    static Outcome<Addressing> of(Addressing now, LicenseClaims claims, ParametersRequest request) {
        return given(now, request)
                .then(given -> {
                    Addressing grown = grown(now, claims, given);
                    List<String> excess = CustomAddressing.excess(claims, grown);
                    Optional<String> fault =
                            excess.isEmpty() ? grown.fault() : Optional.of(excess.getFirst());
                    return fault.isPresent()
                            ? Outcome.refused(Problem.argument(fault.get()))
                            : Outcome.done(grown);
                });
    }

    /** Whether a request asks for nothing that is not there: it is a repetition. */
    static boolean holdsAll(Addressing now, ParametersRequest request) {
        return switch (given(now, request)) {
            case Outcome.Refused<Given> _ -> false;
            case Outcome.Done<Given>(Given given) ->
                    new HashSet<>(now.clients()).containsAll(given.clients().orElse(List.of()))
                            && now.controllers().containsAll(given.controllers().orElse(List.of()))
                            && now.asns().containsAll(given.asns().orElse(List.of()));
        };
    }

    private static Outcome<Given> given(Addressing now, ParametersRequest request) {
        if (request.useDefaults()) {
            return Outcome.done(new Given(Optional.empty(), Optional.empty(), Optional.empty()));
        }
        Optional<List<IpAddress>> clients = request.clients().flatMap(AddressingText::parseRanges);
        Optional<List<IpAddress>> controllers =
                request.managers().flatMap(AddressingText::parseAddresses);
        Optional<List<Integer>> asns = request.asns().flatMap(AddressingText::parseNumbers);
        Optional<Problem> problem =
                CustomAddressing.malformed("clients", request.clients(), clients)
                        .or(() ->
                                CustomAddressing.malformed(
                                        "managers", request.managers(), controllers))
                        .or(() -> CustomAddressing.malformed("asns", request.asns(), asns))
                        .or(() -> fixed("subnet", request.subnet(), now.overlay(), Prefix::parse))
                        .or(() ->
                                fixed(
                                        "my_manager_vip",
                                        request.virtualAddress(),
                                        now.virtualAddress(),
                                        IpAddress::parse));
        return problem.<Outcome<Given>>map(Outcome::refused)
                .orElseGet(() -> Outcome.done(new Given(clients, controllers, asns)));
    }

    private static <T> Optional<Problem> fixed(
            String field,
            Optional<String> text,
            T present,
            java.util.function.Function<String, Optional<T>> parse) {
        return text.isEmpty() || text.flatMap(parse).equals(Optional.of(present))
                ? Optional.empty()
                : Optional.of(
                        Problem.argument(
                                "invalid "
                                        + field
                                        + " field: an upgrade cannot change it, it is "
                                        + present));
    }

    private static Addressing grown(Addressing now, LicenseClaims claims, Given given) {
        Set<IpAddress> taken = new HashSet<>(now.clients());
        taken.addAll(now.controllers());
        taken.add(now.virtualAddress());
        given.clients().ifPresent(taken::addAll);
        given.controllers().ifPresent(taken::addAll);
        List<IpAddress> controllers =
                joined(
                        now.controllers(),
                        given.controllers()
                                .orElseGet(() ->
                                        free(
                                                now,
                                                lowest(now),
                                                -1,
                                                claims.controllers() - now.controllers().size(),
                                                taken)));
        List<IpAddress> clients =
                joined(
                        now.clients(),
                        given.clients()
                                .orElseGet(() ->
                                        free(
                                                now,
                                                highest(now),
                                                1,
                                                claims.clients() - now.clients().size(),
                                                taken)));
        return new Addressing(
                now.overlay(),
                controllers,
                joined(now.asns(), given.asns().orElseGet(() -> asns(now, controllers.size()))),
                clients,
                now.virtualAddress());
    }

    /** Free addresses next to {@code from}, then from the other end of the subnet. */
    private static List<IpAddress> free(
            Addressing now, int from, int step, int wanted, Set<IpAddress> taken) {
        int first = now.overlay().address().v4Bits() + 1;
        int last = (int) (first + (1L << (32 - now.overlay().length())) - 3);
        var found = new ArrayList<IpAddress>();
        int at = from;
        for (long tried = 0; tried <= last - first && found.size() < wanted; tried++) {
            at += step;
            if (at > last || at < first) {
                at = step > 0 ? first : last;
            }
            if (taken.add(IpAddress.v4(at))) {
                found.add(IpAddress.v4(at));
            }
        }
        return found;
    }

    private static int lowest(Addressing now) {
        return now.controllers().getLast().v4Bits();
    }

    private static int highest(Addressing now) {
        return now.clients().isEmpty()
                ? now.overlay().address().v4Bits()
                : now.clients().getLast().v4Bits();
    }

    private static List<Integer> asns(Addressing now, int controllers) {
        var asns = new ArrayList<Integer>();
        int next = now.asns().stream().mapToInt(Integer::intValue).max().orElse(0);
        while (now.asns().size() + asns.size() < controllers) {
            next++;
            asns.add(next);
        }
        return asns;
    }

    private static <T> List<T> joined(List<T> before, List<T> more) {
        var all = new ArrayList<>(before);
        all.addAll(more);
        return all;
    }
}
