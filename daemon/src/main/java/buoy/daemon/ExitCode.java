package buoy.daemon;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What the commands exit with. */
enum ExitCode {
    DONE(0, "done"),
    REFUSED(1, "refused, failed, or the running buoy could not be reached"),
    BAD_USAGE(2, "bad usage, or a file to import that cannot be read"),
    BAD_CONFIGURATION(3, "bad configuration; every problem is printed"),

    // Of `status --check` alone: these numbers are those of monitoring systems.
    WELL(0, "with --check: all is well"),
    DEGRADED(1, "with --check: degraded"),
    BAD(2, "with --check: bad, or nobody answers"),
    UNKNOWN(3, "with --check: this user may not ask, or the answer is not understood");

    /** Of any command. */
    static final Set<ExitCode> USUAL = EnumSet.range(DONE, BAD_CONFIGURATION);

    final int number;
    final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    /** What each number means, for the help. */
    static Map<String, String> meanings(Set<ExitCode> codes) {
        Map<String, String> meanings = new LinkedHashMap<>();
        for (ExitCode code : codes) {
            meanings.merge(
                    String.valueOf(code.number),
                    code.meaning,
                    (first, more) -> first + "; " + more);
        }
        return meanings;
    }
}
