package io.peermesh.web;

/** What was typed into a form, to be shown again when something is wrong with it. */
public final class Values {
    private final Visit visit;

    Values(Visit visit) {
        this.visit = visit;
    }

    /** What was typed, else empty. Never used for secrets. */
    public String of(String name) {
        return visit.field(name);
    }

    /** What was typed, else this. */
    public String of(String name, String otherwise) {
        return visit.form().has(name) ? visit.field(name) : otherwise;
    }
}
