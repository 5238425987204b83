package buoy.daemon;

/** What the commands exit with. */
enum ExitCode {
    DONE(0, "done"),
    REFUSED(1, "refused, failed, or the running buoy could not be reached"),
    BAD_USAGE(2, "bad usage, or a file to import that cannot be read"),
    BAD_CONFIGURATION(3, "bad configuration; every problem is printed");

    final int number;
    final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }
}
