package buoy.lb.http.head;

import buoy.config.model.Network;
import buoy.lb.proxy.Ends;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What servers are told about a client's connection: made once when it is accepted, or when its
 * certificate is known, so that a request costs copies alone.
 */
public final class ClientFacts {
    private final Ends ends;
    private final InetAddress client;
    private final List<Network> trusted;
    private final boolean believed;
    private final boolean secure;
    private final int port;
    private final boolean known;
    private final byte[] address;
    private final byte[] lines;
    private final byte[] protoLine;
    private final byte[] portLine;
    private final byte[] hostLine;
    private final boolean asksForCertificate;

    private byte[] askedName = {};

    /** Null where every host is served. */
    private @Nullable Predicate<String> misses;

    /** Null until a certificate was shown and believed. */
    private byte @Nullable [] subjectLine;

    /**
     * @param client the peer of the connection
     * @param own the address and port the client came to
     * @param secure whether it came over TLS
     * @param trusted proxies whose X-Forwarded-* and Forwarded stand
     * @param asksForCertificate whether clients may show one here: then nobody else's word about it
     *     stands
     */
    public ClientFacts(
            InetAddress client,
            InetSocketAddress own,
            boolean secure,
            List<Network> trusted,
            boolean asksForCertificate) {
        this(new Ends(new InetSocketAddress(client, 0), own), secure, trusted, asksForCertificate);
    }

    /** As above; the client may have a port. */
    public ClientFacts(
            Ends ends, boolean secure, List<Network> trusted, boolean asksForCertificate) {
        InetAddress client = ends.client().getAddress();
        InetSocketAddress own = ends.own();
        this.ends = ends;
        this.asksForCertificate = asksForCertificate;
        this.port = own.getPort();
        this.secure = secure;
        this.client = client;
        this.trusted = trusted;
        this.believed = trusts(client);
        this.known = ends.areKnown();
        this.address = Octets.ascii(known ? text(client) : "unix:");
        String forLine = known ? "X-Forwarded-For: " + text(client) + "\r\n" : "";
        String proto = "X-Forwarded-Proto: " + (secure ? "https" : "http") + "\r\n";
        String portText = known ? "X-Forwarded-Port: " + port + "\r\n" : "";
        this.protoLine = Octets.ascii(proto);
        this.portLine = Octets.ascii(portText);
        this.hostLine = Octets.ascii("Host: " + (known ? authority(own) : "localhost") + "\r\n");
        this.lines = Octets.ascii(forLine + proto + portText);
    }

    private static String authority(InetSocketAddress own) {
        return host(own.getAddress()) + ":" + own.getPort();
    }

    /** RFC 3986 3.2.2. */
    private static String host(InetAddress address) {
        return address instanceof Inet6Address ? "[" + text(address) + "]" : text(address);
    }

    static String text(InetAddress address) {
        String text = address.getHostAddress();
        int zone = address instanceof Inet6Address ? text.indexOf('%') : -1;
        return zone < 0 ? text : text.substring(0, zone);
    }

    public Ends ends() {
        return ends;
    }

    /** The peer of the connection. */
    InetAddress client() {
        return client;
    }

    /** Whether it came over TLS. */
    public boolean secure() {
        return secure;
    }

    /** The port the client came to. */
    int port() {
        return port;
    }

    boolean trusts(InetAddress proxy) {
        for (Network network : trusted) {
            if (network.contains(proxy)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the peer is a trusted proxy. */
    public boolean believed() {
        return believed;
    }

    /**
     * Our part of the field Forwarded (RFC 7239 4), behind another's, and the line's end. Made when
     * it is wanted: few proxies write that field.
     */
    byte[] forwardedElement() {
        String host = known ? host(client) : "unknown";
        String node = host.startsWith("[") ? '"' + host + '"' : host;
        return Octets.ascii(", for=" + node + ";proto=" + (secure ? "https" : "http") + "\r\n");
    }

    /** Whether a field of this name goes on as the client sent it. */
    boolean takesWord(Field field) {
        return !field.isOfProxies()
                || (believed && !(field == Field.X_CLIENT_CERT_SUBJECT && asksForCertificate));
    }

    /**
     * The client showed a certificate, which is believed.
     *
     * @param subject printable ASCII
     */
    public void certified(String subject) {
        subjectLine = Octets.ascii("X-Client-Cert-Subject: " + subject + "\r\n");
    }

    /**
     * The client asked for a name when it connected.
     *
     * @param name in lower case
     * @param elsewhere whether another host's requests, in lower case, belong elsewhere
     */
    public void askedFor(String name, Predicate<String> elsewhere) {
        askedName = Octets.ascii(name);
        misses = elsewhere;
    }

    /**
     * Whether a request belongs on another connection (RFC 9110 15.5.20): this one was made for a
     * name whose certificate is not for the request's host.
     */
    public boolean isMisdirected(RequestHead request) {
        Predicate<String> judge = misses;
        int from = request.hostStart();
        int to = request.hostEnd();
        if (judge == null || from == to) {
            return false;
        }
        byte[] bytes = request.bytes();
        int end = to;
        if (bytes[from] != '[') {
            for (int i = from; i < to; i++) {
                if (bytes[i] == ':') {
                    end = i;
                }
            }
            // A dot at the end only says that the name is whole.
            end -= end - from > 1 && bytes[end - 1] == '.' ? 1 : 0;
        }
        return !Octets.equalsIgnoreCase(bytes, from, end, askedName)
                && judge.test(request.text(from, end).toLowerCase(Locale.ROOT));
    }

    byte @Nullable [] subjectLine() {
        return subjectLine;
    }

    /** Whether the client has an address: those on unix sockets have none. */
    boolean known() {
        return known;
    }

    /** The peer's address as it is written, {@code unix:} where it has none. Read only. */
    public byte[] address() {
        return address;
    }

    /** For, Proto and Port, when nothing the client said about them stands. */
    byte[] lines() {
        return lines;
    }

    byte[] protoLine() {
        return protoLine;
    }

    byte[] portLine() {
        return portLine;
    }

    /** The Host of a request that names none, which HTTP/1.0 allows (RFC 9112 3.3). */
    byte[] hostLine() {
        return hostLine;
    }
}
