package buoy.daemon.imports.draft;

/** A file that is not in the language it should be in: nothing of it is imported. */
public final class Unparsable extends Exception {
    private static final long serialVersionUID = 1;

    /**
     * Of what stands at a place.
     *
     * @param line counted from 1
     * @param column counted from 1, in characters
     */
    public Unparsable(String file, int line, int column, String why) {
        super(file + ":" + line + ":" + column + ": " + why, null, false, false);
    }
}
