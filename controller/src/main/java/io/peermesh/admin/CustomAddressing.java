package io.peermesh.admin;

import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.license.Addressing;
import io.peermesh.license.AddressingText;
import io.peermesh.license.LicenseClaims;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** License parameters as an operator gives them; what is not given follows the default layout. */
final class CustomAddressing {
    private CustomAddressing() {}

    static Outcome<Addressing> of(LicenseClaims claims, ParametersRequest request) {
        Optional<Prefix> overlay = request.subnet().flatMap(Prefix::parse);
        Optional<List<IpAddress>> managers =
                request.managers().flatMap(AddressingText::parseAddresses);
        Optional<List<Integer>> asns = request.asns().flatMap(AddressingText::parseNumbers);
        Optional<List<IpAddress>> clients = request.clients().flatMap(AddressingText::parseRanges);
        Optional<IpAddress> virtual = request.virtualAddress().flatMap(IpAddress::parse);
        Optional<Problem> malformed =
                malformed("subnet", request.subnet(), overlay)
                        .or(() -> malformed("managers", request.managers(), managers))
                        .or(() -> malformed("asns", request.asns(), asns))
                        .or(() -> malformed("clients", request.clients(), clients))
                        .or(() -> malformed("my_manager_vip", request.virtualAddress(), virtual));
        if (malformed.isPresent()) {
            return Outcome.refused(malformed.get());
        }
        Prefix subnet = overlay.orElse(claims.overlay());
        if (!subnet.isV4()) {
            return Outcome.refused(
                    Problem.argument("invalid subnet field: the overlay is IPv4, not " + subnet));
        }
        Addressing layout =
                Addressing.byDefault(
                        subnet,
                        managers.map(List::size).orElse(claims.controllers()),
                        clients.map(List::size).orElse(claims.clients()));
        return checked(
                claims,
                new Addressing(
                        subnet,
                        managers.orElse(layout.controllers()),
                        asns.orElse(layout.asns()),
                        clients.orElse(layout.clients()),
                        virtual.orElse(layout.virtualAddress())));
    }

    static Optional<Problem> malformed(String field, Optional<String> text, Optional<?> parsed) {
        return text.isPresent() && parsed.isEmpty()
                ? Optional.of(
                        Problem.argument(
                                "invalid "
                                        + field
                                        + " field: "
                                        + ConfigAdmin.printable(text.get())
                                        + " cannot be read"))
                : Optional.empty();
    }

    private static Outcome<Addressing> checked(LicenseClaims claims, Addressing addressing) {
        List<String> excess = excess(claims, addressing);
        if (!excess.isEmpty()) {
            return Outcome.refused(Problem.argument(excess.getFirst()));
        }
        if (addressing.controllers().isEmpty()) {
            return Outcome.refused(
                    Problem.argument("invalid managers field: at least one address is needed"));
        }
        Optional<String> fault = addressing.fault();
        return fault.isPresent()
                ? Outcome.refused(Problem.argument(fault.get()))
                : Outcome.done(addressing);
    }

    /** In what an addressing is larger than a license allows. */
    static List<String> excess(LicenseClaims claims, Addressing addressing) {
        var excess = new ArrayList<String>();
        if (addressing.controllers().size() > claims.controllers()) {
            excess.add(
                    "invalid managers field: the license allows "
                            + claims.controllers()
                            + " controllers, not "
                            + addressing.controllers().size());
        }
        if (addressing.clients().size() > claims.clients()) {
            excess.add(
                    "invalid clients field: the license allows "
                            + claims.clients()
                            + " clients, not "
                            + addressing.clients().size());
        }
        return excess;
    }
}
