package buoy.lb.http.head;

/**
 * Why a message was not accepted. The status is what a client is told; a response refused for the
 * same reason becomes 502. The word is the one in logs, metrics and the answer's body.
 */
public enum Refusal {
    NONE(0, "", ""),

    BARE_LF(400, "bare-lf", "a line ends in LF without CR"),
    BARE_CR(400, "bare-cr", "a CR is not followed by LF"),
    BAD_METHOD(400, "bad-method", "the method is not a token"),
    BAD_TARGET(400, "bad-target", "the request target is not a valid path or URI"),
    BAD_ESCAPE(400, "bad-escape", "the path has a % without two hex digits, or %00"),
    AMBIGUOUS_PATH(
            400, "ambiguous-path", "servers would read the path differently, and so would routes"),
    BAD_REQUEST_LINE(400, "bad-request-line", "the first line is not METHOD SP TARGET SP VERSION"),
    BAD_VERSION(400, "bad-version", "the version is not HTTP/1.0 or HTTP/1.1"),
    UNKNOWN_VERSION(505, "unknown-version", "only HTTP/1.0 and HTTP/1.1 are spoken here"),
    CONNECT_REFUSED(405, "connect-refused", "CONNECT is not offered here"),
    TRACE_REFUSED(405, "trace-refused", "TRACE is not offered here"),
    TARGET_TOO_LONG(414, "target-too-long", "the request line exceeds the limit"),

    BAD_FIELD_NAME(400, "bad-field-name", "a field name is not a token"),
    SPACE_BEFORE_COLON(400, "space-before-colon", "white space between field name and colon"),
    LEADING_SPACE(400, "leading-space", "white space before the first field"),
    OBSOLETE_FOLD(400, "obsolete-fold", "a field value continues on the next line"),
    BAD_FIELD_VALUE(400, "bad-field-value", "a field value holds a control character"),
    HEADER_TOO_LARGE(431, "header-too-large", "the header exceeds the limit in bytes"),
    TOO_MANY_FIELDS(431, "too-many-fields", "the header exceeds the limit in fields"),
    TOO_MANY_OPTIONS(400, "too-many-connection-options", "Connection names too many fields"),

    BAD_PSEUDO_FIELD(
            400, "bad-pseudo-field", "a pseudo-field is missing, repeated, unknown or malformed"),
    CONNECTION_FIELD(
            400, "connection-field", "a field that means something to connections of HTTP/1 alone"),
    HOST_MISMATCH(400, "host-mismatch", ":authority is no host, or Host names another"),
    LENGTH_MISMATCH(400, "length-mismatch", "the content is not as long as Content-Length says"),
    NO_HOST(400, "no-host", "an HTTP/1.1 request has no Host"),
    SEVERAL_HOSTS(400, "several-hosts", "more than one Host"),
    BAD_HOST(400, "bad-host", "Host is not a host name or address with an optional port"),
    BAD_CONTENT_LENGTH(400, "bad-content-length", "Content-Length is not one plain number"),
    LENGTH_AND_CHUNKED(400, "length-and-chunked", "Content-Length beside Transfer-Encoding"),
    CHUNKED_IN_1_0(400, "transfer-encoding-in-1.0", "Transfer-Encoding in an HTTP/1.0 message"),
    BAD_TRANSFER_ENCODING(
            501, "bad-transfer-encoding", "the only transfer coding taken is a single chunked"),
    BAD_EXPECTATION(417, "bad-expectation", "the only expectation met is 100-continue"),
    BAD_UPGRADE(400, "bad-upgrade", "the WebSocket handshake lacks a valid key or version"),
    BAD_MAX_FORWARDS(400, "bad-max-forwards", "Max-Forwards is not one number"),

    BAD_STATUS_LINE(502, "bad-status-line", "the status line is not VERSION SP STATUS SP REASON"),

    BODY_TOO_LARGE(413, "body-too-large", "the content exceeds the limit in bytes"),
    BAD_CHUNK(400, "bad-chunk", "a chunk's size line or its end is malformed"),
    CHUNK_EXTENSION_TOO_LARGE(
            400, "chunk-extension-too-large", "chunk extensions exceed their limit"),
    BAD_TRAILER(400, "bad-trailer", "the trailer section is malformed");

    private final int status;
    private final String word;
    private final String why;

    Refusal(int status, String word, String why) {
        this.status = status;
        this.word = word;
        this.why = why;
    }

    /** The status code for the client, when it was the client's message. */
    public int status() {
        return status;
    }

    /** One word for logs and metrics. */
    public String word() {
        return word;
    }

    /** One line for people. */
    public String why() {
        return why;
    }
}
