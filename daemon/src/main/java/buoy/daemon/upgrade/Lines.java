package buoy.daemon.upgrade;

/** Text that is written a line at a time, its words between tabs. */
final class Lines {
    /** What is optional and not there. */
    static final String NONE = "-";

    private final StringBuilder text = new StringBuilder();

    /** One more; what would be a line or a word of its own inside a word becomes a space. */
    void add(Object... words) {
        for (int i = 0; i < words.length; i++) {
            text.append(i == 0 ? "" : "\t")
                    .append(words[i].toString().replaceAll("\\p{Cntrl}", " "));
        }
        text.append('\n');
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
