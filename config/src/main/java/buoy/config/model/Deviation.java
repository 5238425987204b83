package buoy.config.model;

import java.util.Locale;

/** {@code lenient}: what a listener's clients may do although the standard has it otherwise. */
public enum Deviation {
    /** Field names with underscores. */
    UNDERSCORE_NAMES,

    /** Lines of a request's head that end in LF alone. */
    BARE_LF,

    /** Field values that go on in the next line, which begins with white space. */
    OBS_FOLD,

    /** Octets beyond ASCII in a request's target. */
    RAW_TARGET;

    /** As the configuration spells it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
