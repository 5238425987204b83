package buoy.lb.listen;

/**
 * Client connections at one moment, by what they are busy with.
 *
 * @param earlier of the exchanges, those whose connection was there when its client was asked to go
 */
public record Presence(int idle, int exchanges, int earlier, int sessions) {
    public static final Presence NOBODY = new Presence(0, 0, 0, 0);

    public Presence plus(Presence other) {
        return new Presence(
                idle + other.idle,
                exchanges + other.exchanges,
                earlier + other.earlier,
                sessions + other.sessions);
    }
}
