package buoy.bench;

/** What the contenders are configured for: files of their own in {@code bench/side-by-side}. */
enum Setting {
    USUAL(""),
    /** As many routes as {@link Plan#many} says, each by a host of its own. */
    ROUTES("routes-"),
    /** As many servers as {@link Plan#many} says. */
    SERVERS("servers-"),
    IDLE("idle-"),
    /** As {@link #SERVERS}, with a worker on every core. */
    STATS("stats-"),
    /** Many servers, and an answer that tells which configuration is in force. */
    RELOAD("reload-");

    private final String prefix;

    Setting(String prefix) {
        this.prefix = prefix;
    }

    String file(Contender contender) {
        return prefix + contender.configuration();
    }
}
