package buoy.daemon.imports.nginx;

import buoy.daemon.imports.draft.Draft;
import buoy.daemon.imports.draft.Remarks;
import buoy.daemon.imports.draft.Surroundings;

/**
 * What all parts of one file need.
 *
 * @param directory of the file, with a slash at its end; empty where its name does not tell
 */
record Context(Draft draft, Remarks remarks, Surroundings surroundings, String directory) {
    private static final String USUAL = "/etc/nginx/";

    static String directory(String file) {
        return file.substring(0, file.lastIndexOf('/') + 1);
    }

    /** A path as it can be read here. */
    String readable(String path) {
        return path.startsWith("/") ? path : directory + path;
    }

    /** A path that begins at the root; NGINX's are relative to its configuration's directory. */
    String absolute(String path) {
        return path.startsWith("/") ? path : (directory.startsWith("/") ? directory : USUAL) + path;
    }
}
