package buoy.config;

/**
 * One thing that is wrong, or doubtful, with a configuration file.
 *
 * @param file as it was named to us
 * @param line counted from 1
 * @param column counted from 1, in characters
 * @param path of the key, such as {@code listeners.https.routes[1].pool}
 * @param message what is wrong, and in brackets what to do
 */
public record Problem(String file, int line, int column, String path, String message) {
    /** One line: {@code FILE:LINE:COLUMN: path: what is wrong (what to do)}. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + path + ": " + message;
    }
}
