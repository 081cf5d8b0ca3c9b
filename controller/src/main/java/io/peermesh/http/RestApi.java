package io.peermesh.http;

import io.peermesh.admin.Administration;
import io.peermesh.admin.Machine;
import io.peermesh.api.Product;
import io.peermesh.http.mesh.CertificateResource;
import io.peermesh.http.mesh.DrillResource;
import io.peermesh.http.mesh.EndpointsResource;
import io.peermesh.http.mesh.EventsResource;
import io.peermesh.http.mesh.ExchangeResource;
import io.peermesh.http.mesh.FailoverScriptResource;
import io.peermesh.http.mesh.JoinResource;
import io.peermesh.http.mesh.MemberResource;
import io.peermesh.http.mesh.MeshStatusResource;
import io.peermesh.http.mesh.MetricsResource;
import io.peermesh.http.mesh.PackResource;
import io.peermesh.http.server.HttpServer;
import io.peermesh.http.server.InstalledCertificate;
import io.peermesh.http.server.Limits;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.RestartWindow;
import io.peermesh.http.server.RouteTable;
import io.peermesh.http.vns3.AccessResource;
import io.peermesh.http.vns3.ClientResetResource;
import io.peermesh.http.vns3.ClientpacksResource;
import io.peermesh.http.vns3.ConfigResource;
import io.peermesh.http.vns3.KeysetResource;
import io.peermesh.http.vns3.LicenseResource;
import io.peermesh.http.vns3.MachineStatus;
import io.peermesh.http.vns3.NotOffered;
import io.peermesh.http.vns3.PackDownload;
import io.peermesh.http.vns3.PeeringResource;
import io.peermesh.http.vns3.RoutesResource;
import io.peermesh.http.vns3.StatusResource;
import io.peermesh.http.vns3.SystemResource;
import io.peermesh.http.vns3.Tasks;
import io.peermesh.runtime.Mesh;
import io.peermesh.telemetry.Metrics;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;

/** All resources of a controller, and the server that serves them. */
public final class RestApi {
    private RestApi() {}

    /**
     * Starts to listen; close the server to stop.
     *
     * @param restartWindow the one that the administration signals to
     * @param faces other resources to serve, such as the web UI
     * @throws HttpServer.ListenException when the address cannot be bound
     */
    public static HttpServer start(
            InetSocketAddress address,
            InstalledCertificate certificate,
            Limits limits,
            Administration administration,
            Mesh mesh,
            RestartWindow restartWindow,
            Machine machine,
            InstantSource clock,
            SecureRandom random,
            List<Resource> faces) {
        var routes = new RouteTable();
        var tasks = new Tasks(random);
        var machineStatus = new MachineStatus(machine, clock);
        vns3(administration, restartWindow, machineStatus, tasks)
                .forEach(resource -> resource.addTo(routes));
        own(administration, mesh).forEach(resource -> resource.addTo(routes));
        new CertificateResource(administration.certificate(certificate)).addTo(routes);
        faces.forEach(face -> face.addTo(routes));
        return HttpServer.start(
                address,
                certificate::sslContext,
                limits,
                routes,
                new CredentialGate(administration.credentials(), administration.tokens()),
                restartWindow,
                random);
    }

    private static List<Resource> vns3(
            Administration administration,
            RestartWindow restartWindow,
            MachineStatus machine,
            Tasks tasks) {
        return List.of(
                new ConfigResource(administration.config()),
                new LicenseResource(administration.license()),
                new KeysetResource(administration.keyset()),
                new PeeringResource(administration.peering()),
                new RoutesResource(administration.routes()),
                new ClientpacksResource(administration.clientpacks(), tasks),
                new PackDownload(administration.clientpacks()),
                new ClientResetResource(administration.clientpacks()),
                new StatusResource(
                        administration.status(), administration.linkHistory(), machine, tasks),
                new SystemResource(administration.credentials(), restartWindow),
                new AccessResource(administration.tokens()),
                new NotOffered());
    }

    private static List<Resource> own(Administration administration, Mesh mesh) {
        return List.of(
                new MeshStatusResource(administration, mesh),
                new ExchangeResource(administration.fetchServer(), administration.joinServer()),
                new JoinResource(administration.join()),
                new EndpointsResource(administration.endpoints()),
                new EventsResource(administration.events()),
                new DrillResource(administration.drills()),
                new MemberResource(
                        administration.member(),
                        administration.drain(),
                        administration.resilience()),
                new PackResource(administration.clientpacks()),
                new FailoverScriptResource(administration.clientpacks()),
                new MetricsResource(
                        new Metrics(
                                mesh,
                                administration.events(),
                                administration.moveTimes(),
                                administration.recorder(),
                                Product.VERSION)));
    }
}
