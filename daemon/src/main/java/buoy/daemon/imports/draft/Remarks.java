package buoy.daemon.imports.draft;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** All remarks of an import, each once. */
public final class Remarks {
    private final Set<Remark> all = new LinkedHashSet<>();

    /**
     * Something of this line is not in the configuration.
     *
     * @param what was not carried over, and why
     * @param instead what to do about it
     */
    public void left(Mark at, String what, String instead) {
        all.add(new Remark(at, Remark.Kind.LEFT, what + " (" + instead + ")"));
    }

    /** What to know about something that was carried over, or needs no carrying. */
    public void note(Mark at, String text) {
        all.add(new Remark(at, Remark.Kind.NOTE, text));
    }

    /** In the order of the files as they were first mentioned, and of their lines. */
    public List<Remark> sorted(List<String> files) {
        List<Remark> sorted = new ArrayList<>(all);
        sorted.sort(
                Comparator.comparingInt((Remark r) -> place(files, r.at().file()))
                        .thenComparing(r -> r.at().file())
                        .thenComparingInt(r -> r.at().line()));
        return sorted;
    }

    private static int place(List<String> files, String file) {
        int index = files.indexOf(file);
        return index < 0 ? files.size() : index;
    }
}
