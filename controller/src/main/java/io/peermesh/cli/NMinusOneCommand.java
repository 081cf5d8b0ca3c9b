package io.peermesh.cli;

import io.peermesh.api.NMinusOne;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** {@code peermesh n-1}. */
@Command(
        name = "n-1",
        description = "What happens if one controller or one link fails now.",
        mixinStandardHelpOptions = true)
final class NMinusOneCommand implements Callable<Integer> {
    @Mixin private final Connection connection;
    private final Shell shell;

    NMinusOneCommand(Shell shell) {
        this.shell = shell;
        this.connection = new Connection(shell);
    }

    @Override
    public Integer call() {
        try (ApiClient api = connection.open()) {
            JsonNode answer = api.get("/api/mesh/v1/n-1");
            if (!connection.printsJson(answer)) {
                print(api.read(answer, NMinusOne.class));
            }
        }
        return ExitCode.OK;
    }

    private void print(NMinusOne analysis) {
        var table = new Table(shell, "if", "moved", "to", "stranded", "cut off", "clients after");
        for (NMinusOne.Failure failure : analysis.failures()) {
            table.row(
                    name(failure),
                    failure.clientsMoved(),
                    counts(failure.movesTo()),
                    failure.clientsStranded(),
                    failure.cutOff().isEmpty()
                            ? "-"
                            : failure.cutOff().stream()
                                    .map(NMinusOneCommand::pair)
                                    .collect(Collectors.joining(" ")),
                    counts(failure.clientsAfter()));
        }
        shell.out().print(table);
        shell.out()
                .println(
                        analysis.harmless()
                                ? "No single failure strands a client or cuts controllers off."
                                : "There are single points of failure: see \u201cstranded\u201d and"
                                        + " \u201ccut off\u201d.");
    }

    private static String name(NMinusOne.Failure failure) {
        return failure.kind() + " " + pair(failure.controllers());
    }

    private static String pair(List<Integer> ids) {
        return ids.stream().map(String::valueOf).collect(Collectors.joining("-"));
    }

    private static String counts(Map<Integer, Integer> counts) {
        return counts.isEmpty()
                ? "-"
                : counts.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(each -> each.getKey() + ":" + each.getValue())
                        .collect(Collectors.joining(" "));
    }
}
