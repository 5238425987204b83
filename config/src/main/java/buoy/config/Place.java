package buoy.config;

/** Where something stands in a file; line and column are counted from 1. */
public record Place(String file, int line, int column) {
    /** The beginning of a file, for what concerns all of it. */
    static Place start(String file) {
        return new Place(file, 1, 1);
    }

    /** {@code line 12}, or {@code FILE line 12} where the reader of the message is in another. */
    String seenFrom(Place other) {
        return (file.equals(other.file) ? "" : file + " ") + "line " + line;
    }
}
