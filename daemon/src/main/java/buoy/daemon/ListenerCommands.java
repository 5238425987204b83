package buoy.daemon;

import buoy.daemon.log.EventKind;
import buoy.daemon.log.Fields;
import buoy.daemon.log.Log;
import buoy.daemon.state.OrderKeeper;
import buoy.lb.Balancer;
import buoy.lb.BindFailed;
import java.util.Optional;

/**
 * {@code buoy listener pause} and {@code resume}. One at a time, on the control thread.
 *
 * <p>A pause is HAProxy's {@code disable frontend}: the door is shut, and whoever is inside stays.
 * So kept connections of HTTP are not told to go: their clients would find the door shut with the
 * next request, and who was let in is to be served. Where another host is to serve them there is
 * {@code buoy router resign}.
 */
final class ListenerCommands {
    private final Balancer balancer;
    private final OrderKeeper keeper;
    private final Log log;

    ListenerCommands(Balancer balancer, OrderKeeper keeper, Log log) {
        this.balancer = balancer;
        this.keeper = keeper;
        this.log = log;
    }

    CommandOutcome pause(String name) {
        if (!balancer.pauseListener(name)) {
            return unknown(name);
        }
        Optional<String> unkept = keeper.keep();
        say(name, "paused by command: nobody new is let in", true);
        return CommandOutcome.ordered(
                "listener %s is paused: nobody new is let in, %d open connections and sessions go on (until `buoy listener resume %s`)"
                        .formatted(name, balancer.connected(name), name),
                unkept);
    }

    CommandOutcome resume(String name) {
        Optional<Boolean> was;
        try {
            was = balancer.resumeListener(name);
        } catch (BindFailed refused) {
            return new CommandOutcome.Refused(
                    "%s\nlistener %s stays paused".formatted(refused.getMessage(), name));
        }
        if (was.isEmpty()) {
            return unknown(name);
        }
        if (!was.get()) {
            return new CommandOutcome.Done("listener %s was not paused".formatted(name));
        }
        Optional<String> unkept = keeper.keep();
        say(name, "resumed by command: whoever comes is let in", false);
        return CommandOutcome.ordered("listener %s lets clients in again".formatted(name), unkept);
    }

    private void say(String name, String what, boolean paused) {
        log.info(
                "listener",
                "%s: %s".formatted(name, what),
                Fields.event(EventKind.LISTENER).and("listener", name).and("paused", paused));
    }

    private CommandOutcome unknown(String name) {
        return CommandOutcome.Unknown.of("listener", name, balancer.listenerNames());
    }
}
