package io.peermesh.admin;

import io.peermesh.node.NodeStatus;
import io.peermesh.runtime.Mesh;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The running state. */
public final class StatusAdmin {
    /** How long controllers may differ after a change before that is called a difference. */
    public static final Duration CATCHING_UP = Duration.ofSeconds(5);

    private final Changes changes;
    private final Mesh mesh;

    StatusAdmin(Changes changes, Mesh mesh) {
        this.changes = changes;
        this.mesh = mesh;
    }

    /** What the mesh does now. */
    public MeshView mesh() {
        Configuration now = changes.current();
        Optional<NodeStatus> status = now.selfId().isPresent() ? mesh.status() : Optional.empty();
        if (status.isEmpty()) {
            return new MeshView(false, List.of(), List.of(), List.of(), List.of(), "unknown");
        }
        List<MeshView.Controller> controllers = controllers(now, status.get());
        return new MeshView(
                true,
                status.get().links(),
                clients(now, status.get()),
                status.get().routes().stream()
                        .map(route ->
                                new MeshView.Subnet(
                                        route.prefix(),
                                        route.controllerId(),
                                        route.controllerId() == now.selfId().orElseThrow(),
                                        route.chosen()))
                        .toList(),
                controllers,
                consistency(controllers));
    }

    /** The same as a picture needs it; empty while this controller runs no mesh. */
    public Optional<MeshMap> map() {
        OptionalInt selfId = changes.current().selfId();
        Optional<NodeStatus> status = selfId.isPresent() ? mesh.status() : Optional.empty();
        return status.map(each -> MeshMap.of(selfId.orElseThrow(), each, mesh.topology()));
    }

    private static List<MeshView.Client> clients(Configuration now, NodeStatus status) {
        return status.clients().stream()
                .map(client ->
                        new MeshView.Client(
                                client.overlayAddress(),
                                client.owner(),
                                client.endpoint().map(each -> each.address().toString()).orElse(""),
                                Map.copyOf(now.pack(client.overlayAddress()).tags())))
                .toList();
    }

    private static List<MeshView.Controller> controllers(Configuration now, NodeStatus status) {
        String own = now.checksum().orElse("");
        return status.controllers().stream()
                .filter(each -> each.id() != now.selfId().orElseThrow())
                .map(each ->
                        new MeshView.Controller(
                                each.id(),
                                each.reachable(),
                                Optional.of(each.topologyChecksum())
                                        .filter(text -> !text.isEmpty()),
                                each.topologyChecksum().equals(own)))
                .toList();
    }

    /** Only controllers that can be reached count: what the others hold now is unknown. */
    private String consistency(List<MeshView.Controller> controllers) {
        List<MeshView.Controller> known =
                controllers.stream()
                        .filter(each -> each.reachable() && each.topologyChecksum().isPresent())
                        .toList();
        if (known.isEmpty()) {
            return "unknown";
        }
        if (known.stream().allMatch(MeshView.Controller::sameTopology)) {
            return "equal";
        }
        Instant settled = changes.checksumSince().plus(CATCHING_UP);
        return changes.now().isBefore(settled) ? "catching up" : "differs";
    }

    /** The same, refused with {@link Problem#UNLICENSED} before a license is final. */
    public Outcome<MeshView> licensedMesh() {
        return Prerequisites.license(changes.current())
                .<Outcome<MeshView>>map(Outcome::refused)
                .orElseGet(() -> Outcome.done(mesh()));
    }
}
