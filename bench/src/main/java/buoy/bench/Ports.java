package buoy.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Where one proxy listens on 127.0.0.1. */
record Ports(Map<Door, Integer> doors) {
    Ports {
        doors = Map.copyOf(doors);
    }

    int of(Door door) {
        return Objects.requireNonNull(doors.get(door));
    }

    /** Ports that were free a moment ago, for so many proxies. */
    static List<Ports> free(int proxies) {
        Iterator<Integer> free = numbers(proxies * Door.values().length).iterator();
        List<Ports> ports = new ArrayList<>();
        for (int i = 0; i < proxies; i++) {
            Map<Door, Integer> doors = new EnumMap<>(Door.class);
            for (Door door : Door.values()) {
                doors.put(door, free.next());
            }
            ports.add(new Ports(doors));
        }
        return ports;
    }

    /** So many ports that were free a moment ago. */
    static List<Integer> numbers(int many) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < many; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            for (ServerSocket socket : held) {
                socket.close();
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException e) {
            throw new BenchFailed("no free port on 127.0.0.1: " + e.getMessage(), e);
        }
    }
}
