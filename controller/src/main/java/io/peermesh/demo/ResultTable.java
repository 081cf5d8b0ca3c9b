package io.peermesh.demo;

import java.util.ArrayList;
import java.util.List;

/** The result of the demonstration as tables for people. */
final class ResultTable {
    private ResultTable() {}

    static String of(Demonstration.Result result) {
        var text = new StringBuilder("\n");
        var links = new ArrayList<List<String>>();
        links.add(List.of("LINK", "PEER", "STATE", "CIPHER", "RTT", "SENT"));
        for (Demonstration.Link link : result.links()) {
            links.add(
                    List.of(
                            link.controller() + " -> " + link.peer(),
                            link.address(),
                            link.state(),
                            link.cipher(),
                            "%.2f ms".formatted(link.millis()),
                            link.megabytesSent() + " MB"));
        }
        append(text, links);
        var clients = new ArrayList<List<String>>();
        clients.add(List.of("CLIENT", "OVERLAY ADDRESS", "CONTROLLER", "UNDERLAY ADDRESS"));
        for (Demonstration.Client client : result.clients()) {
            String controller = client.controller() == 0 ? "-" : "" + client.controller();
            clients.add(
                    List.of(
                            client.machine(),
                            client.overlayAddress(),
                            controller,
                            client.address()));
        }
        append(text, clients);
        var steps = new ArrayList<List<String>>();
        steps.add(List.of("STEP", "", "RESULT"));
        for (Demonstration.Step step : result.steps()) {
            steps.add(List.of(step.name(), step.ok() ? "ok" : "FAILED", step.detail()));
        }
        append(text, steps);
        return text.toString();
    }

    private static void append(StringBuilder text, List<List<String>> rows) {
        int columns = rows.getFirst().size();
        var widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            var line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(row.get(i)).repeat(" ", widths[i] - row.get(i).length() + 2);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        text.append('\n');
    }
}
