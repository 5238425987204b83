package buoy.lb;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What sessions are called: {@code k3f9ax-0-1047} is the 1047th of worker 0 in the process that
 * began at {@code k3f9ax}. No other session of this host is called so for six years, whatever is
 * restarted or upgraded meanwhile.
 */
final class SessionIds {
    private static final Pattern FORM =
            Pattern.compile("(?<process>[0-9a-z]{6})-(?<worker>[0-9]{1,5})-(?<number>[0-9]{1,18})");

    private static final int LENGTH = 6;
    private static final int TENTH_MILLIS = 100;

    private final String process;

    /** One session of this process. */
    record Place(int worker, long number) {}

    /**
     * @param startMillis when the process began, since 1970
     */
    SessionIds(long startMillis) {
        String tenths = Long.toString(startMillis / TENTH_MILLIS, Character.MAX_RADIX);
        String padded = "0".repeat(LENGTH) + tenths;
        process = padded.substring(padded.length() - LENGTH);
    }

    String of(int worker, long number) {
        return process + "-" + worker + "-" + number;
    }

    /** Empty if it is none of this process. */
    Optional<Place> read(String id) {
        Matcher form = FORM.matcher(id);
        return form.matches() && form.group("process").equals(process)
                ? Optional.of(
                        new Place(
                                Integer.parseInt(form.group("worker")),
                                Long.parseLong(form.group("number"))))
                : Optional.empty();
    }
}
