package buoy.daemon.top;

import java.util.Optional;

/** What comes first in a picture, with the key that chooses it. */
enum Order {
    RATE('r', "rate"),
    FAILURES('f', "failures"),
    LATENCY('l', "p99"),
    NAME('n', "name");

    final char key;
    final String title;

    Order(char key, String title) {
        this.key = key;
        this.title = title;
    }

    static Optional<Order> of(int key) {
        for (Order each : values()) {
            if (each.key == key) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }
}
