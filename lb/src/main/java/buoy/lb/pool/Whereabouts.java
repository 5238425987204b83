package buoy.lb.pool;

import buoy.config.model.Endpoint;
import buoy.config.model.Location;
import buoy.config.model.ServerAddress;
import buoy.config.model.UnixPath;
import java.util.Optional;

/**
 * Where a server is, as far as is known.
 *
 * @param at empty while its name was never resolved
 * @param trouble why the last look-up of its name brought nothing; empty if it did, or none is over
 */
public record Whereabouts(Optional<Location> at, Optional<String> trouble) {
    /** What is known of an address before anybody was asked. */
    static Whereabouts of(ServerAddress address) {
        return switch (address) {
            case ServerAddress.Fixed(Endpoint endpoint) ->
                    new Whereabouts(Optional.of(endpoint), Optional.empty());
            case ServerAddress.Local(UnixPath socket) ->
                    new Whereabouts(Optional.of(socket), Optional.empty());
            case ServerAddress.Named _ -> new Whereabouts(Optional.empty(), Optional.empty());
        };
    }

    /** Why there is no address at all, for people; empty if there is one, or will be soon. */
    public Optional<String> unresolved() {
        return at.isPresent() ? Optional.empty() : trouble.map(why -> "name not resolved: " + why);
    }
}
