package buoy.daemon.imports.draft;

/** What is to be said about one line of a file that is imported. */
public record Remark(Mark at, Kind kind, String text) {
    /** Whether something is missing from the configuration that was made. */
    public enum Kind {
        /** The line, or a part of it, was not carried over. */
        LEFT,
        /** It was, or there is nothing to write for it; but there is something to know. */
        NOTE
    }

    /** {@code FILE:LINE: what (what to do instead)}. */
    @Override
    public String toString() {
        return at + ": " + (kind == Kind.NOTE ? "note: " : "") + text;
    }
}
