package io.peermesh.web.view;

import java.util.List;
import java.util.Optional;

/** Everything on the page <i>Runtime Status</i>. */
public record StatusView(
        Self self,
        Topology topology,
        List<Link> links,
        List<Client> clients,
        int clientsInAll,
        Machine machine,
        DataPlane dataPlane) {
    /** Copies the lists. */
    public StatusView {
        links = List.copyOf(links);
        clients = List.copyOf(clients);
    }

    /** Who this controller is. */
    public record Self(
            String name,
            String id,
            String overlayAddress,
            String underlayAddress,
            String version,
            String uptime,
            Optional<Step> next) {}

    /** The next step of the set-up. */
    public record Step(String text, String action, String href) {}

    /**
     * Whether all controllers hold the same topology.
     *
     * @param checksum empty before there is one
     */
    public record Topology(
            String name, String checksum, Pill agreement, String explanation, List<Other> others) {
        /** Copies the list. */
        public Topology {
            others = List.copyOf(others);
        }
    }

    /** Another controller's checksum. */
    public record Other(String controller, String checksum, Pill agreement) {}

    /** A peer link. */
    public record Link(
            String controller,
            String address,
            Pill state,
            String reason,
            String rtt,
            String loss,
            String sent,
            String received,
            String lastHandshake,
            String cipher) {}

    /** A connected client. */
    public record Client(
            String overlayAddress,
            String href,
            String controller,
            String address,
            String lastHandshake,
            String sent,
            String received) {}

    /** The machine. */
    public record Machine(
            String kernel, String uptime, String load, Gauge cpu, Gauge memory, Gauge disk) {}

    /** A part of a whole. */
    public record Gauge(String label, String text, long percent) {}

    /** The packet path. */
    public record DataPlane(
            String sent,
            String received,
            List<Feature> features,
            List<Drop> drops,
            List<String> problems) {
        /** Copies the lists. */
        public DataPlane {
            features = List.copyOf(features);
            drops = List.copyOf(drops);
            problems = List.copyOf(problems);
        }
    }

    /** Something that was probed at start. */
    public record Feature(String name, Pill state, String detail) {}

    /** Packets that could not go on. */
    public record Drop(String reason, String count) {}
}
