package buoy.daemon.imports.haproxy;

import buoy.daemon.imports.draft.Fate;
import java.util.Map;
import java.util.Optional;

/**
 * Every keyword that is known, and what becomes of it. The longest entry that a line begins with
 * counts.
 *
 * <p>Longer than other files, because it is one table.
 */
final class Keywords {
    /** {@code keyword | + read, = nothing to do, note TEXT or WHAT / INSTEAD}. */
    private static final String GLOBAL =
            """
            daemon | =
            master-worker | =
            pidfile | =
            ulimit-n | =
            fd-hard-limit | =
            set-dumpable | =
            insecure-fork-wanted | =
            insecure-setuid-wanted | =
            chroot | note the packages' systemd unit confines Buoy; there is nothing to write
            user | note the packages' unit runs Buoy as the user buoy: it has to be able to read certificates and keys
            group | =
            uid | =
            gid | =
            nbthread | +
            nbproc | =
            cpu-map | =
            thread-group | =
            thread-groups | =
            maxconn | +
            hard-stop-after | +
            grace | =
            log | +
            log-send-hostname | =
            log-tag | =
            stats socket | note commands talk to the admin socket (admin.socket): buoy status, buoy server drain POOL/SERVER; see docs/operations.md
            stats timeout | =
            stats maxconn | =
            ca-base | +
            crt-base | +
            default-path | +
            ssl-default-bind-options | +
            ssl-default-bind-ciphers | =
            ssl-default-bind-ciphersuites | =
            ssl-default-bind-curves | =
            ssl-default-bind-sigalgs | =
            ssl-default-server-options | =
            ssl-default-server-ciphers | =
            ssl-default-server-ciphersuites | =
            ssl-server-verify | +
            ssl-dh-param-file | =
            ssl-load-extra-files | note a key beside its certificate is not looked for: write chain and key where they are two files
            ssl-load-extra-del-ext | =
            ssl-mode-async | =
            ssl-engine | =
            ssl-propquery | =
            ssl-provider | =
            issuers-chain-path | is not followed / put the issuers' certificates into each chain
            tune.bufsize | note heads of requests have limits.header-bytes (16KiB) of a listener
            tune.ssl.default-dh-param | =
            tune. | =
            external-check | =
            spread-checks | =
            max-spread-checks | =
            node | =
            description | =
            localpeer | =
            server-state-file | =
            server-state-base | =
            load-server-state-from-file | =
            unix-bind | note sockets of listeners have mode 0666: the folder says who may connect
            busy-polling | =
            noepoll | =
            nokqueue | =
            noevports | =
            nopoll | =
            nosplice | =
            nogetaddrinfo | =
            noreuseport | =
            no-quic | =
            no strict-limits | =
            strict-limits | =
            zero-warning | =
            quiet | =
            profiling. | =
            debug | note log: {level: debug} tells more
            numa-cpu-mapping | =
            no numa-cpu-mapping | =
            expose-experimental-directives | =
            pp2-never-send-local | =
            httpclient. | =
            mworker-max-reloads | =
            51degrees- | has no like here / let the application do it
            deviceatlas- | has no like here / let the application do it
            wurfl- | has no like here / let the application do it
            lua- | Lua does not run here / do it in the application, or keep HAProxy for this frontend
            setenv | sets a variable of the environment / write its value where it is used
            presetenv | sets a variable of the environment / write its value where it is used
            resetenv | =
            unsetenv | =
            h1-case-adjust | names of fields are sent as they came, and of HTTP/2 in lower case / mend the server that minds
            maxconnrate | there is no rate of all connections / use limits: {requests-per-second: ...} of a listener
            maxsessrate | there is no rate of all connections / use limits: {requests-per-second: ...} of a listener
            maxsslrate | there is no rate of all connections / use limits: {requests-per-second: ...} of a listener
            maxsslconn | is not told apart from maxconn / use process: {max-connections: N}
            maxpipes | =
            maxzlibmem | =
            maxcompcpuusage | =
            maxcomprate | =
            email-alert | =
            cluster-secret | =
            limited-quic | =
            """;

    private static final String PROXY =
            """
            mode | +
            bind | +
            server | +
            server-template | names its servers by a number / write each server with its name, see "Servers with names" in docs/configuration.md
            default-server | +
            use-server | picks a server by a condition / make a pool of that server and a route to it
            default_backend | +
            use_backend | +
            acl | +
            balance | +
            hash-type | =
            hash-balance-factor | =
            hash-preserve-affinity | =
            maxconn | +
            fullconn | =
            backlog | =
            retries | +
            retry-on | +
            description | =
            id | =
            guid | =
            disabled | +
            enabled | =
            bind-process | =
            log | +
            no log | +
            log-format | +
            log-format-sd | =
            error-log-format | =
            log-tag | =
            unique-id-format | note ids are 32 hexadecimal digits: ${request-id}
            unique-id-header | +
            errorfile | +
            errorfiles | pages of errors have another form / write errors: {503: FILE}; each file is the content alone, without a head
            errorloc | sends clients elsewhere for an error / write errors: {503: FILE} with a page that leads there
            errorloc302 | sends clients elsewhere for an error / write errors: {503: FILE} with a page that leads there
            errorloc303 | sends clients elsewhere for an error / write errors: {503: FILE} with a page that leads there
            http-error | +
            monitor-uri | +
            monitor-net | =
            monitor fail | makes monitor-uri fail / let whoever asks look at /healthz and /metrics of stats
            timeout client | +
            timeout server | +
            timeout connect | +
            timeout http-request | +
            timeout http-keep-alive | +
            timeout queue | +
            timeout tunnel | +
            timeout check | +
            timeout client-fin | =
            timeout server-fin | =
            timeout tarpit | =
            timeout client-hs | =
            timeout | is no timeout of HAProxy that is known / see timeouts in docs/configuration.md
            option httplog | +
            option tcplog | +
            option httpslog | +
            option clf | =
            option dontlognull | =
            option dontlog-normal | logs failures alone / filter the access log by its status and reason
            option log-separate-errors | =
            option log-health-checks | =
            option logasap | =
            option logstick | =
            option forwardfor | +
            option forwarded | note X-Forwarded-For, -Proto, -Host and -Port are sent; a field Forwarded is appended to, none is begun
            option originalto | sends the address that a client came to / let the application read X-Forwarded-Host and X-Forwarded-Port
            option redispatch | =
            option httpclose | +
            option http-server-close | =
            option http-keep-alive | =
            option http-tunnel | =
            option http-pretend-keepalive | =
            option http-buffer-request | note requests are sent on as they come; timeouts: {body: ...} bounds a slow client
            option http-no-delay | =
            option http-use-htx | =
            option http-ignore-probes | =
            option http-use-proxy-header | =
            option http-drop-response-trailers | =
            option http-drop-request-trailers | =
            option http-restrict-req-hdr-names | =
            option h1-case-adjust-bogus-client | =
            option h1-case-adjust-bogus-server | =
            option http_proxy | takes the server's address from the request / Buoy is no forward proxy
            option http-proxy | takes the server's address from the request / Buoy is no forward proxy
            option accept-invalid-http-request | +
            option accept-unsafe-violations-in-http-request | +
            option accept-invalid-http-response | =
            option accept-unsafe-violations-in-http-response | =
            option idle-close-on-response | =
            option abortonclose | =
            option allbackups | =
            option nolinger | =
            option contstats | =
            option checkcache | =
            option splice-auto | =
            option splice-request | =
            option splice-response | =
            option tcpka | =
            option clitcpka | =
            option srvtcpka | =
            option tcp-smart-accept | =
            option tcp-smart-connect | =
            option socket-stats | =
            option prefer-last-server | =
            option persist | =
            option independant-streams | =
            option independent-streams | =
            option disable-h2-upgrade | =
            option transparent | takes the server's address from the connection / write the servers' addresses
            option httpchk | +
            option tcp-check | +
            option ssl-hello-chk | +
            option pgsql-check | +
            option mysql-check | +
            option redis-check | +
            option smtpchk | +
            option ldap-check | +
            option spop-check | +
            option external-check | +
            option srv-host | =
            no option | +
            http-check | +
            tcp-check | +
            external-check | +
            cookie | +
            appsession | is long gone from HAProxy too / write sticky: {app-cookie: NAME} of the pool
            stick-table | +
            stick | +
            clitcpka-idle | +
            clitcpka-intvl | +
            clitcpka-cnt | +
            srvtcpka-idle | +
            srvtcpka-intvl | +
            srvtcpka-cnt | +
            source | +
            compression | +
            filter compression | =
            filter | runs a filter / do it in the application, or keep HAProxy for this proxy
            http-reuse | =
            http-request | +
            http-response | +
            http-after-response | +
            redirect | +
            tcp-request | +
            tcp-response | looks at what servers say / let the application do it
            stats | +
            capture cookie | keeps a cookie for the log / write access-log with a pattern; see docs/configuration.md
            capture request header | keeps a field for the log / write access-log with a pattern; ${referer} and ${user-agent} are there
            capture response header | keeps a field for the log / write access-log with a pattern; see docs/configuration.md
            declare capture | =
            http-send-name-header | tells servers their name / let servers know their names themselves
            email-alert | sends mail / alert on /metrics of stats; see docs/operations.md
            rate-limit sessions | there is no rate of all sessions / use limits: {requests-per-second: {rate: N, key: route}} of a route
            dispatch | has one address without a server / write it as a server
            persist rdp-cookie | reads a cookie of RDP / use sticky: {source: true}
            force-persist | =
            ignore-persist | =
            use-fcgi-app | speaks FastCGI / put a web server before the application
            server-state-file-name | =
            load-server-state-from-file | =
            max-keep-alive-queue | =
            max-session-srv-conns | =
            tcp-check | +
            dynamic-cookie-key | =
            option | is no option of HAProxy that is known / see docs/http.md and docs/tcp.md
            """;

    private static final Map<String, Fate> GLOBALS = Fate.table(GLOBAL);
    private static final Map<String, Fate> PROXIES = Fate.table(PROXY);

    private Keywords() {}

    static Optional<Fate> global(Line line) {
        return Fate.find(GLOBALS, line.words());
    }

    static Optional<Fate> proxy(Line line) {
        return Fate.find(PROXIES, line.words());
    }
}
