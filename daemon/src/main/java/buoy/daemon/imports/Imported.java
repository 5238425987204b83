package buoy.daemon.imports;

import buoy.daemon.imports.draft.Remark;
import java.util.List;

/**
 * What came of an import.
 *
 * @param yaml a configuration that Buoy accepts, once the files it names are there
 * @param remarks in the order of the files and their lines
 */
public record Imported(String yaml, List<Remark> remarks) {
    /** Whether nothing is missing. */
    public boolean whole() {
        return remarks.stream().noneMatch(remark -> remark.kind() == Remark.Kind.LEFT);
    }
}
