package io.peermesh.cli;

import io.peermesh.api.MeshStatus;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** {@code peermesh status}. */
@Command(
        name = "status",
        description = "What the mesh does now: links, clients, subnets, drops.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    @Mixin private final Connection connection;
    private final Shell shell;

    StatusCommand(Shell shell) {
        this.shell = shell;
        this.connection = new Connection(shell);
    }

    @Override
    public Integer call() {
        try (ApiClient api = connection.open()) {
            JsonNode response = api.get("/api/mesh/v1/status");
            if (!connection.printsJson(response)) {
                print(api.read(response, MeshStatus.class));
            }
        }
        return ExitCode.OK;
    }

    private void print(MeshStatus status) {
        PrintWriter out = shell.out();
        MeshStatus.Self self = status.controller();
        out.printf(
                "Controller %s, %s (%s), topology %s%n",
                self.id().map(String::valueOf).orElse("-"),
                self.controllerName(),
                self.overlayAddress().orElse("no overlay address"),
                self.topologyName().isEmpty() ? "-" : self.topologyName());
        out.printf(
                "%s; keyset %s; topology checksum %s (%s)%n",
                self.licensed() ? "licensed" : "not licensed",
                keyset(status.keyset()),
                self.topologyChecksum().orElse("-"),
                status.consistency());
        if (status.drain().draining()) {
            out.println(DrainCommand.words(status.drain()));
        }
        links(status);
        clients(status);
        subnets(status);
        dataPlane(status.dataPlane());
        refusals(status.refusals());
    }

    private static String keyset(MeshStatus.Keyset keyset) {
        if (keyset.present()) {
            return "present";
        }
        if (keyset.inProgress()) {
            return "in progress";
        }
        return keyset.failure().map(failure -> "missing: " + failure).orElse("missing");
    }

    private void links(MeshStatus status) {
        if (status.links().isEmpty()) {
            return;
        }
        var table =
                new Table(
                        shell,
                        "peer",
                        "address",
                        "state",
                        "rtt",
                        "handshake",
                        "cipher",
                        "sent",
                        "received",
                        "reason");
        for (MeshStatus.Link link : status.links()) {
            table.row(
                    link.peerId(),
                    link.name(),
                    link.state(),
                    link.rttMicros().map(Units::millis).orElse("-"),
                    link.lastHandshakeSecondsAgo().map(Units::age).orElse("-"),
                    link.cipher().isEmpty() ? "-" : link.cipher(),
                    Units.bytes(link.sentBytes()),
                    Units.bytes(link.receivedBytes()),
                    reason(link));
        }
        shell.out().print("\n" + table);
    }

    /** The port is what an operator has to open, so it is told where the link is not up. */
    private static String reason(MeshStatus.Link link) {
        if (link.state().equals("up") || link.localPort() == 0) {
            return link.reason();
        }
        return link.reason()
                + " (UDP ports: "
                + link.localPort()
                + " here, "
                + link.remotePort()
                + " there)";
    }

    private void clients(MeshStatus status) {
        if (status.clients().isEmpty()) {
            return;
        }
        var table =
                new Table(
                        shell, "client", "controller", "address", "handshake", "sent", "received");
        for (MeshStatus.Client client : status.clients()) {
            table.row(
                    client.overlayAddress(),
                    client.owner(),
                    client.address().isEmpty() ? "-" : client.address(),
                    client.lastHandshakeSecondsAgo().map(Units::age).orElse("-"),
                    Units.bytes(client.sentBytes()),
                    Units.bytes(client.receivedBytes()));
        }
        shell.out().print("\n" + table);
    }

    private void subnets(MeshStatus status) {
        if (status.subnets().isEmpty()) {
            return;
        }
        var table = new Table(shell, "subnet", "controller", "in use");
        for (MeshStatus.Subnet subnet : status.subnets()) {
            table.row(subnet.cidr(), subnet.controllerId(), subnet.chosen() ? "yes" : "no");
        }
        shell.out().print("\n" + table);
    }

    private void dataPlane(MeshStatus.DataPlane plane) {
        PrintWriter out = shell.out();
        if (!plane.drops().isEmpty()) {
            var table = new Table(shell, "dropped because", "packets");
            plane.drops().forEach(table::row);
            out.print("\n" + table);
        }
        plane.problems().forEach(problem -> out.println("! " + problem));
        plane.features().stream()
                .filter(feature -> !feature.inUse())
                .forEach(feature -> out.println(feature.name() + ": off, " + feature.detail()));
    }

    /** What a limit or a check said no to; nothing when it never did. */
    private void refusals(MeshStatus.Refusals refusals) {
        var table = new Table(shell, "refused", "because", "times");
        refusals.clientHandshakes().forEach((why, count) -> table.row("client", why, count));
        refusals.linkHandshakes().forEach((why, count) -> table.row("peer", why, count));
        boolean any =
                !refusals.clientHandshakes().isEmpty() || !refusals.linkHandshakes().isEmpty();
        any |= row(table, "handshakes", "the queue was full", refusals.handshakesDropped());
        any |= row(table, "peers' messages", "malformed", refusals.controlMessagesMalformed());
        any |= row(table, "peers' records", "they do not fit", refusals.recordsRefused());
        if (any) {
            shell.out().print("\n" + table);
        }
    }

    private static boolean row(Table table, String what, String why, long count) {
        if (count > 0) {
            table.row(what, why, count);
        }
        return count > 0;
    }
}
