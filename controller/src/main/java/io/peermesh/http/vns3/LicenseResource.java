package io.peermesh.http.vns3;

import io.peermesh.admin.LicenseAdmin;
import io.peermesh.admin.LicenseView;
import io.peermesh.admin.ParametersRequest;
import io.peermesh.http.server.Answer;
import io.peermesh.http.server.Parameters;
import io.peermesh.http.server.Request;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.RouteTable;
import io.peermesh.ip.IpAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code /license}: the license file and the parameters of the topology. */
public final class LicenseResource implements Resource {
    private static final List<String> CAPABILITIES = List.of("CloudWAN", "LinearAddressing");

    private final LicenseAdmin license;

    /** Over these use cases. */
    public LicenseResource(LicenseAdmin license) {
        this.license = license;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add("GET", "/api/license", _ -> Answer.of(license.view(), LicenseResource::body));
        routes.add("PUT", "/api/license", this::upload);
        routes.add("PUT", "/api/license/parameters", this::parameters);
        routes.add("PUT", "/api/license/upgrade", this::upgrade);
    }

    private Answer upload(Request request) {
        return Answer.of(
                license.upload(request.actor(), request.text()),
                view ->
                        new Uploaded(
                                "accepted", view.finalized(), true, CAPABILITIES, topology(view)));
    }

    private Answer upgrade(Request request) {
        return Answer.of(
                license.upgrade(request.actor(), request.text()),
                view ->
                        new Upgraded(
                                view.finalized(),
                                view.sha1(),
                                "accepted",
                                view.newClients(),
                                view.newControllers()));
    }

    private Answer parameters(Request request) {
        Parameters given = request.parameters();
        var parameters =
                new ParametersRequest(
                        given.flag("default").orElse(false),
                        given.textOrNotSet("subnet"),
                        joined(given, "managers").or(() -> joined(given, "controllers")),
                        joined(given, "asns"),
                        joined(given, "clients"),
                        given.textOrNotSet("my_manager_vip"));
        return Answer.of(
                license.acceptParameters(request.actor(), parameters),
                view -> new Accepted("accepted", view.finalized(), accepted(view)));
    }

    /** Lists come as texts with blanks or commas, or as JSON arrays. */
    private static Optional<String> joined(Parameters given, String name) {
        return given.has(name)
                ? Optional.of(String.join(",", given.list(name))).filter(text -> !text.isEmpty())
                : Optional.empty();
    }

    private static Body body(LicenseView view) {
        return new Body(
                "accepted",
                true,
                view.finalized(),
                CAPABILITIES,
                view.virtualAddress().toString(),
                view.customAddressing(),
                view.sha1(),
                Times.rfc3339(view.uploadedAt()),
                view.uploadedAt().getEpochSecond(),
                new Containers(0, 0),
                topology(view),
                view.topologyName(),
                view.issuer(),
                view.expires().map(Instant::toString),
                view.expired(),
                view.pendingUpgrade()
                        .map(upgrade ->
                                new PendingUpgrade(
                                        upgrade.sha1(),
                                        upgrade.newClients(),
                                        upgrade.newControllers())));
    }

    private static Topology topology(LicenseView view) {
        return new Topology(
                view.controllers().stream()
                        .map(controller ->
                                new Manager(
                                        controller.id(),
                                        controller.asn(),
                                        address(controller.overlayAddress())))
                        .toList(),
                view.clients().stream().map(LicenseResource::address).toList(),
                view.clients().size(),
                view.clients().size(),
                view.overlay().toString(),
                0,
                0,
                0,
                view.upgrades());
    }

    private static Address address(IpAddress address) {
        var octets = new ArrayList<Integer>();
        for (byte octet : address.toBytes()) {
            octets.add(octet & 0xff);
        }
        return new Address(address.toString(), octets);
    }

    private static AcceptedParameters accepted(LicenseView view) {
        List<String> controllers =
                view.controllers().stream()
                        .map(controller -> controller.overlayAddress().toString())
                        .toList();
        return new AcceptedParameters(
                view.overlay().toString(),
                controllers,
                controllers,
                view.clients().stream().map(IpAddress::toString).collect(Collectors.toList()),
                view.controllers().stream().map(LicenseView.Controller::asn).toList(),
                view.virtualAddress().toString());
    }

    private record Uploaded(
            String license,
            boolean finalized,
            boolean licensePresent,
            List<String> capabilities,
            Topology defaultTopology) {}

    private record Accepted(String license, boolean finalized, AcceptedParameters parameters) {}

    private record AcceptedParameters(
            String subnet,
            List<String> managers,
            List<String> controllers,
            List<String> clients,
            List<Integer> asns,
            String myManagerVip) {}

    private record Body(
            String license,
            boolean licensePresent,
            boolean finalized,
            List<String> capabilities,
            String myManagerVip,
            boolean customAddressing,
            String sha1Checksum,
            String uploadedAt,
            long uploadedAtI,
            Containers containerDetails,
            Topology topology,
            String topologyName,
            String issuer,
            Optional<String> expires,
            boolean expired,
            Optional<PendingUpgrade> pendingUpgrade) {}

    /** Our own: an upgrade that waits for its parameters. */
    private record PendingUpgrade(String uniq, int newClientpacks, int newManagers) {}

    private record Upgraded(
            boolean finalized, String uniq, String license, int newClientpacks, int newManagers) {}

    private record Containers(int containersRunCount, int containersImageCount) {}

    private record Topology(
            List<Manager> managers,
            List<Address> clients,
            int totalClients,
            int overlayMaxClients,
            String overlaySubnet,
            int ipsecMaxEndpoints,
            int ipsecMaxSubnets,
            int linksLimit,
            List<String> licenseUpgrades) {}

    private record Manager(int managerId, int asn, Address overlayIpaddress) {}

    private record Address(String ipAddress, List<Integer> octets) {}
}
