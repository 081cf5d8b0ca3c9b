package io.peermesh.web;

import io.peermesh.admin.Problem;

/** The words of the use cases, as a sentence on a page. */
final class Sentence {
    private Sentence() {}

    static String of(Problem problem) {
        String text = problem.message();
        if (text.isEmpty()) {
            return text;
        }
        String end = text.endsWith(".") || text.endsWith("!") ? "" : ".";
        return Character.toUpperCase(text.charAt(0)) + text.substring(1) + end;
    }
}
