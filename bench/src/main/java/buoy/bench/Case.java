package buoy.bench;

/**
 * What a proxy is made to do. The load is the same requests; only what the proxy sees in them
 * differs.
 */
enum Case {
    /** It reads each request and each answer; connections on both sides live on. */
    HTTP("HTTP/1.1 keep-alive, 64 B"),

    /** It passes bytes on. */
    TCP("TCP relay, the same messages");

    private final String title;

    Case(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** In result files. */
    String key() {
        return switch (this) {
            case HTTP -> "http1-keep-alive-64";
            case TCP -> "tcp-relay-small";
        };
    }
}
