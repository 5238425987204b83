package buoy.daemon.imports.haproxy;

import buoy.config.Text;
import buoy.daemon.imports.draft.Draft;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Remarks;
import buoy.daemon.imports.draft.Surroundings;
import java.util.List;
import java.util.Optional;

/**
 * What all sections of one file need.
 *
 * @param globals lines of the global sections
 */
record Context(Draft draft, Remarks remarks, Surroundings surroundings, List<Line> globals) {
    Optional<Line> global(String... beginning) {
        return globals.reversed().stream().filter(line -> line.is(beginning)).findFirst();
    }

    Fetch fetch() {
        return new Fetch(surroundings::read);
    }

    /** The path of a certificate, which may be written without what stands before all of them. */
    Optional<String> certificate(Mark at, String path) {
        return absolute(at, path, "crt-base");
    }

    /** The same for authorities and lists of revoked certificates. */
    Optional<String> authority(Mark at, String path) {
        return absolute(at, path, "ca-base");
    }

    private Optional<String> absolute(Mark at, String path, String base) {
        if (path.startsWith("/")) {
            return Optional.of(path);
        }
        String before = global(base).map(line -> line.word(1)).orElse("");
        if (before.startsWith("/") && !path.isEmpty()) {
            return Optional.of(before.replaceAll("/+$", "") + "/" + path);
        }
        remarks.left(
                at,
                "%s is no absolute path".formatted(Text.shown(path)),
                "write where the file is");
        return Optional.empty();
    }
}
