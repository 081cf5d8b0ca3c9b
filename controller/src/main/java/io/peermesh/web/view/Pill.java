package io.peermesh.web.view;

/** A state in a word, with a color that repeats what the word says. */
public record Pill(Tone tone, String text) {
    /** What the color says. */
    public enum Tone {
        /** As it should be. */
        GOOD,
        /** Under way, or to be looked at. */
        WAIT,
        /** Wrong. */
        BAD,
        /** Neither. */
        PLAIN;

        /** The style's word. */
        public String style() {
            return switch (this) {
                case GOOD -> "good";
                case WAIT -> "wait";
                case BAD -> "bad";
                case PLAIN -> "plain";
            };
        }
    }

    /** As it should be. */
    public static Pill good(String text) {
        return new Pill(Tone.GOOD, text);
    }

    /** Under way. */
    public static Pill wait(String text) {
        return new Pill(Tone.WAIT, text);
    }

    /** Wrong. */
    public static Pill bad(String text) {
        return new Pill(Tone.BAD, text);
    }

    /** Neither. */
    public static Pill plain(String text) {
        return new Pill(Tone.PLAIN, text);
    }

    /** Of a peer link. */
    public static Pill link(String state) {
        return switch (state) {
            case "up" -> good("up");
            case "down", "refused" -> bad(state);
            case "resolving", "connecting", "held" -> wait(state);
            default -> plain(state);
        };
    }
}
