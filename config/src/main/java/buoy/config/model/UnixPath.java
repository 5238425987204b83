package buoy.config.model;

/** A unix socket (unix(7)). The path is absolute, and written in one way alone. */
public record UnixPath(String path) implements Location {
    private static final String SCHEME = "unix:";

    /** Whether users mean one. */
    public static boolean isMeant(String text) {
        return text.startsWith(SCHEME);
    }

    /** What stands behind {@code unix:}, unchecked. */
    public static String pathOf(String text) {
        return text.substring(SCHEME.length());
    }

    /** As users write it: {@code unix:/run/app.sock}. */
    @Override
    public String toString() {
        return SCHEME + path;
    }
}
