package buoy.lb.http.head;

/** The methods a proxy treats differently, and the registered ones a retry rule may name. */
public enum Method {
    GET,
    HEAD,
    POST,
    PUT,
    DELETE,
    OPTIONS,
    PATCH,
    CONNECT,
    TRACE,
    /** Any other token. */
    OTHER;

    private static final Method[] ALL = values();

    @SuppressWarnings("ImmutableEnumChecker") // never written to
    private final byte[] name = Octets.ascii(name());

    /** The method named by {@code bytes[from, to)}; methods are case-sensitive (RFC 9110 9.1). */
    static Method of(byte[] bytes, int from, int to) {
        for (Method method : ALL) {
            if (method.is(bytes, from, to)) {
                return method;
            }
        }
        return OTHER;
    }

    private boolean is(byte[] bytes, int from, int to) {
        if (to - from != name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (bytes[from + i] != name[i]) {
                return false;
            }
        }
        return true;
    }
}
