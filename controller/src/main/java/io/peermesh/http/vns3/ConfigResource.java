package io.peermesh.http.vns3;

import io.peermesh.admin.ConfigAdmin;
import io.peermesh.admin.ConfigChange;
import io.peermesh.admin.ConfigView;
import io.peermesh.api.Product;
import io.peermesh.http.server.Answer;
import io.peermesh.http.server.Parameters;
import io.peermesh.http.server.Request;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.RouteTable;
import io.peermesh.ip.IpAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /config}: who this controller is; the health check of every client's waiting loop. */
public final class ConfigResource implements Resource {
    private final ConfigAdmin config;

    /** Over these use cases. */
    public ConfigResource(ConfigAdmin config) {
        this.config = config;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add("GET", "/api/config", _ -> Answer.ok(body(config.view())));
        routes.add("PUT", "/api/config", this::change);
    }

    private Answer change(Request request) {
        Parameters parameters = request.parameters();
        var change =
                new ConfigChange(
                        parameters.text("topology_name"),
                        parameters.text("controller_name"),
                        parameters.text("ntp_hosts"));
        return Answer.of(config.change(request.actor(), change), ConfigResource::body);
    }

    private static Body body(ConfigView view) {
        return new Body(
                Product.VNS3_VERSION,
                Product.VERSION,
                view.topologyName(),
                view.controllerName(),
                view.topologyChecksum(),
                view.licensed(),
                view.peered(),
                boxed(view.controllerId().isPresent(), view.controllerId().orElse(0)),
                view.overlayAddress().map(IpAddress::toString),
                boxed(view.asn().isPresent(), view.asn().orElse(0)),
                view.privateAddress(),
                view.publicAddress(),
                view.subnetGateway(),
                view.ntpHosts());
    }

    private static @Nullable Integer boxed(boolean present, int value) {
        return present ? value : null;
    }

    /** The security token is not among the fields: it is a secret. */
    private record Body(
            String vns3Version,
            String peermeshVersion,
            String topologyName,
            String controllerName,
            Optional<String> topologyChecksum,
            boolean licensed,
            boolean peered,
            @Nullable Integer managerId,
            Optional<String> overlayIpaddress,
            @Nullable Integer asn,
            String privateIpaddress,
            String publicIpaddress,
            String subnetGateway,
            String ntpHosts) {}
}
