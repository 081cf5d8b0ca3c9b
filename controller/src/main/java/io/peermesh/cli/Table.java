package io.peermesh.cli;

import java.util.ArrayList;
import java.util.List;

/** Columns as wide as their widest cell, two blanks apart. */
public final class Table {
    private static final String RED = "\u001b[31m";
    private static final String GREEN = "\u001b[32m";
    private static final String PLAIN = "\u001b[0m";

    private final List<List<String>> rows = new ArrayList<>();
    private final boolean colors;

    /** A table with this head; colors as the shell wants them. */
    public Table(Shell shell, String... head) {
        this.colors = shell.colors();
        rows.add(List.of(head));
    }

    /** Adds a row. */
    public Table row(Object... cells) {
        rows.add(java.util.stream.Stream.of(cells).map(String::valueOf).toList());
        return this;
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        for (List<String> row : rows) {
            var line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                String cell = row.get(column);
                line.append(colored(cell)).append(" ".repeat(width(column) + 2 - cell.length()));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    private String colored(String cell) {
        if (!colors) {
            return cell;
        }
        return switch (cell) {
            case "up", "connected", "in use", "yes", "equal" -> GREEN + cell + PLAIN;
            case "down", "silent", "refused", "no", "differs" -> RED + cell + PLAIN;
            default -> cell;
        };
    }
}
