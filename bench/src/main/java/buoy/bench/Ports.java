package buoy.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Where one process listens on 127.0.0.1. */
record Ports(int http, int https, int tcp, int stats) {
    private static final int EACH = 4;

    int of(Case.Door door) {
        return switch (door) {
            case HTTP -> http;
            case HTTPS -> https;
            case TCP -> tcp;
        };
    }

    /** Ports that were free a moment ago, for so many processes. */
    static List<Ports> free(int processes) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < processes * EACH; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            List<Ports> ports = new ArrayList<>();
            for (int i = 0; i < held.size(); i += EACH) {
                ports.add(
                        new Ports(
                                held.get(i).getLocalPort(),
                                held.get(i + 1).getLocalPort(),
                                held.get(i + 2).getLocalPort(),
                                held.get(i + 3).getLocalPort()));
            }
            for (ServerSocket socket : held) {
                socket.close();
            }
            return ports;
        } catch (IOException e) {
            throw new BenchFailed("no free port on 127.0.0.1: " + e.getMessage(), e);
        }
    }
}
