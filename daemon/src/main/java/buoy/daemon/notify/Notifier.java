package buoy.daemon.notify;

import buoy.config.model.Notify;
import buoy.config.model.Prefix;
import buoy.config.model.VirtualRouter;
import buoy.daemon.command.Command;
import buoy.daemon.command.RunAs;
import buoy.daemon.command.Runner;
import buoy.daemon.log.EventKind;
import buoy.daemon.log.Fields;
import buoy.daemon.log.Log;
import buoy.vrrp.RouterState;
import buoy.vrrp.VrrpEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells each router's programs of its state: one at a time for each router, in order. If states
 * change faster than programs end, those in between are not told; the newest always is.
 */
public final class Notifier implements AutoCloseable {
    /** At the end of the process, for programs that are told of it. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final Runner runner;
    private final Log log;
    private final Map<String, Teller> tellers = new ConcurrentHashMap<>();
    private volatile boolean closing;

    public Notifier(Runner runner, Log log) {
        this.runner = runner;
        this.log = log;
    }

    /** These are told from now on; who is told already goes on with the new programs. */
    public void apply(Collection<VirtualRouter> routers) {
        for (VirtualRouter router : routers) {
            Teller known = tellers.get(router.name());
            if (known != null) {
                known.router = router;
            } else if (!router.notifications().equals(Notify.NOBODY)) {
                tellers.put(router.name(), new Teller(router));
            }
        }
    }

    /** A router changed its state. On VRRP's thread: never waits. */
    public void changed(VrrpEvent.Transition transition) {
        Teller teller = tellers.get(transition.router());
        if (teller != null) {
            teller.news.set(transition);
            LockSupport.unpark(teller.thread);
        }
    }

    /** The commands for one state, the particular one before that for any. */
    static List<Command> commands(VirtualRouter router, VrrpEvent.Transition news) {
        Notify notify = router.notifications();
        String state = word(news.to());
        List<String> particular =
                switch (news.to()) {
                    case ACTIVE -> notify.active();
                    case BACKUP -> notify.backup();
                    case FAULT -> notify.fault();
                    case INITIALIZE -> List.of();
                };
        List<String> any = new ArrayList<>(notify.any());
        if (!any.isEmpty()) {
            any.addAll(List.of("router", router.name(), state, Integer.toString(news.priority())));
        }
        Map<String, String> environment = environment(router, news, state);
        RunAs as = RunAs.userOrThisProcess(notify.user());
        return Stream.of(particular, any)
                .filter(argv -> !argv.isEmpty())
                .map(argv -> new Command(argv, environment, as, notify.timeout()))
                .toList();
    }

    private static Map<String, String> environment(
            VirtualRouter router, VrrpEvent.Transition news, String state) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("BUOY_ROUTER", router.name());
        environment.put("BUOY_STATE", state);
        environment.put("BUOY_STATE_BEFORE", word(news.from()));
        environment.put("BUOY_PRIORITY", Integer.toString(news.priority()));
        environment.put("BUOY_CAUSE", news.cause());
        environment.put("BUOY_INTERFACE", router.interfaceName());
        environment.put("BUOY_ROUTER_ID", Integer.toString(router.routerId()));
        environment.put(
                "BUOY_ADDRESSES",
                router.addresses().stream().map(Prefix::toString).collect(Collectors.joining(" ")));
        return environment;
    }

    private static String word(RouterState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    /** Lets those that are being told have a moment, then kills them. */
    @Override
    public void close() {
        closing = true;
        long deadline = System.nanoTime() + LAST_WORDS.toNanos();
        try {
            for (Teller teller : tellers.values()) {
                LockSupport.unpark(teller.thread);
                long left = Math.max(1, deadline - System.nanoTime());
                teller.thread.join(Duration.ofNanos(left));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // then there is no moment to be had
        }
        tellers.values().forEach(teller -> teller.thread.interrupt());
    }

    /** Tells the programs of one router, on a virtual thread of its own. */
    private final class Teller implements Runnable {
        private final AtomicReference<VrrpEvent.@Nullable Transition> news =
                new AtomicReference<>();
        private final Thread thread;
        private volatile VirtualRouter router;

        Teller(VirtualRouter router) {
            this.router = router;
            this.thread = Thread.ofVirtual().name("notify " + router.name()).start(this);
        }

        @Override
        public void run() {
            try {
                while (tellOrWait()) {
                    // until the end of the process
                }
            } catch (InterruptedException _) {
                // What it was telling has been killed.
            }
        }

        /** False when nobody will be told anything any more. */
        private boolean tellOrWait() throws InterruptedException {
            boolean last = closing;
            VrrpEvent.Transition next = news.getAndSet(null);
            if (next != null) {
                try {
                    tell(next);
                } catch (RuntimeException bug) {
                    log.error("notify", router.name() + ": a bug", bug);
                }
                return true;
            }
            if (!last) {
                LockSupport.park(this);
            }
            return !last && !Thread.interrupted();
        }

        private void tell(VrrpEvent.Transition next) throws InterruptedException {
            for (Command command : commands(router, next)) {
                runner.run(command).failure().ifPresent(why -> complain(command, next, why));
            }
        }

        private void complain(Command command, VrrpEvent.Transition next, String why) {
            log.warn(
                    "notify",
                    "%s: told %s: %s: %s".formatted(router.name(), word(next.to()), command, why),
                    Fields.event(EventKind.NOTIFY)
                            .and("router", router.name())
                            .and("state", word(next.to()))
                            .and("command", command.toString())
                            .and("why", why));
        }
    }
}
