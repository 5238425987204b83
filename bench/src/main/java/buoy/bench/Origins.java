package buoy.bench;

import java.util.List;

/**
 * Where the servers behind the proxies listen on 127.0.0.1.
 *
 * @param http files
 * @param postgres a PostgreSQL server
 * @param echo WebSocket messages come back
 */
record Origins(int http, int postgres, int echo) {
    static Origins free() {
        List<Integer> ports = Ports.numbers(3);
        return new Origins(ports.get(0), ports.get(1), ports.get(2));
    }

    /** One server that plays all of them. */
    static Origins one(int port) {
        return new Origins(port, port, port);
    }
}
