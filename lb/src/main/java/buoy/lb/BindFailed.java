package buoy.lb;

import java.util.List;

/** One or more listeners could not be bound; nothing was changed. */
public final class BindFailed extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    BindFailed(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** For each address: the listener, the address, the reason and what to do. */
    public List<String> problems() {
        return problems;
    }
}
