package buoy.daemon.imports.draft;

/**
 * A line of a file that is imported.
 *
 * @param line counted from 1
 */
public record Mark(String file, int line) {
    @Override
    public String toString() {
        return file + ":" + line;
    }
}
