// Longer than 200 lines: one certificate's life, from every side that changes it.
package buoy.daemon.acme;

import buoy.config.model.Certificate.Acme;
import buoy.daemon.acme.plan.Failure;
import buoy.daemon.acme.plan.Held;
import buoy.daemon.acme.plan.Place;
import buoy.daemon.acme.plan.Plan;
import buoy.daemon.log.EventKind;
import buoy.daemon.log.Fields;
import buoy.daemon.log.Log;
import buoy.tls.Challenges;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * The certificates that Buoy orders. What is known of them belongs to one thread, which looks
 * several times a second whether something is to be done; an order has a thread of its own. The
 * calls from outside wait for nothing.
 */
public final class Orders implements AutoCloseable {
    private static final String SOURCE = "acme";
    private static final Duration EVERY = Duration.ofMillis(250);

    /** CAs limit how much one account does at a time. */
    private static final int AT_A_TIME = 4;

    private final Supplier<Place> place;
    private final Log log;
    private final StateFiles files = new StateFiles();
    private final ProofBoard board;

    /** Touched by this thread alone. */
    private final Map<String, Standing> standings = new LinkedHashMap<>();

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    task -> Thread.ofPlatform().name("buoy-acme").daemon().unstarted(task));

    private volatile List<OrderStatus> status = List.of();

    /**
     * A certificate to order.
     *
     * @param trust believes the CA's own certificate
     */
    public record Wanted(Acme certificate, SSLContext trust) {}

    /**
     * Orders nothing yet.
     *
     * @param challenges where CAs find their answers
     * @param place which host orders; asked often
     */
    public Orders(Challenges challenges, Supplier<Place> place, Log log) {
        this.board = new ProofBoard(challenges);
        this.place = place;
        this.log = log;
    }

    /** Begins to look. */
    public void begin() {
        var _ =
                thread.scheduleWithFixedDelay(
                        this::look, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** These are ordered from now on, and no others. */
    public void apply(Collection<Wanted> wanted) {
        inTurn(
                () -> {
                    Map<String, Standing> before = new LinkedHashMap<>(standings);
                    standings.clear();
                    for (Wanted each : wanted) {
                        Acme now = each.certificate();
                        Standing was = before.remove(now.name());
                        Optional<Held> held = held(now);
                        standings.put(
                                now.name(),
                                was == null
                                        ? Standing.of(now, each.trust(), held)
                                        : was.reloaded(now, each.trust(), held));
                    }
                    before.values().forEach(gone -> gone.underWay().ifPresent(Thread::interrupt));
                    look();
                });
    }

    public List<OrderStatus> status() {
        return status;
    }

    /** Orders under way are broken off; the CA forgets them. */
    @Override
    public void close() {
        inTurn(
                () ->
                        standings
                                .values()
                                .forEach(each -> each.underWay().ifPresent(Thread::interrupt)));
        thread.shutdown();
    }

    private void inTurn(Runnable task) {
        try {
            thread.execute(
                    () -> {
                        try {
                            task.run();
                        } catch (RuntimeException bug) {
                            log.error(SOURCE, "a bug", bug);
                        }
                    });
        } catch (RejectedExecutionException _) {
            // Closed: nothing is ordered any more.
        }
    }

    // --- on the thread

    private void look() {
        try {
            Place where = place.get();
            Instant now = Instant.now();
            for (String name : List.copyOf(standings.keySet())) {
                Standing standing = standing(name);
                if (standing.underWay().isEmpty()) {
                    plan(standing, where, now);
                }
            }
            List<OrderStatus> all = new ArrayList<>();
            standings.values().forEach(each -> all.add(each.status()));
            status = List.copyOf(all);
        } catch (RuntimeException bug) {
            log.error(SOURCE, "a bug", bug);
        }
    }

    private Standing standing(String name) {
        Standing standing = standings.get(name);
        if (standing == null) {
            throw new IllegalStateException("no certificate " + name);
        }
        return standing;
    }

    private void plan(Standing standing, Place where, Instant now) {
        Acme wanted = standing.wanted();
        Plan plan = Plan.of(wanted, standing.held(), where, standing.trials(), now);
        if (plan instanceof Plan.Order && underWay() >= AT_A_TIME) {
            return;
        }
        boolean news = !standing.plan().equals(Optional.of(plan));
        Standing planned = standing.planned(plan);
        standings.put(wanted.name(), planned);
        switch (plan) {
            case Plan.Order(var why, var challenge) -> {
                log.info(
                        SOURCE,
                        "%s: ordered from %s: %s; the CA looks by %s"
                                .formatted(wanted.name(), wanted.directory(), why, challenge),
                        about(wanted, "ordered").and("why", why.toString()));
                Thread order =
                        Thread.ofVirtual()
                                .name("buoy-acme-" + wanted.name())
                                .unstarted(() -> order(planned, challenge));
                standings.put(wanted.name(), planned.begun(order));
                order.start();
            }
            case Plan.Rest rest -> {
                if (news) {
                    log.info(SOURCE, wanted.name() + ": " + Standing.words(rest));
                }
            }
            case Plan.Leave leave -> {
                if (news) {
                    log.info(SOURCE, wanted.name() + ": " + Standing.words(leave));
                }
            }
        }
    }

    private long underWay() {
        return standings.values().stream().filter(each -> each.underWay().isPresent()).count();
    }

    private Optional<Held> held(Acme certificate) {
        try {
            return files.held(certificate);
        } catch (IOException e) {
            log.warn(SOURCE, "%s: %s".formatted(certificate.name(), e.getMessage()));
            return Optional.empty();
        }
    }

    private void succeeded(Acme wanted) {
        Standing standing = standings.get(wanted.name());
        Optional<Held> held = held(wanted);
        if (standing != null && held.isPresent()) {
            standings.put(wanted.name(), standing.succeeded(held(standing.wanted())));
            log.info(
                    SOURCE,
                    "%s: issued for %s, valid until %s"
                            .formatted(
                                    wanted.name(),
                                    String.join(", ", wanted.names()),
                                    held.get().notAfter()),
                    about(wanted, "issued").and("not-after", held.get().notAfter().toString()));
        }
    }

    private void failed(Acme wanted, Failure why) {
        Standing standing = standings.get(wanted.name());
        if (standing == null) {
            return;
        }
        Standing after = standing.failed(why, Instant.now());
        standings.put(wanted.name(), after);
        log.warn(
                SOURCE,
                "%s: the order failed: %s; next try at %s"
                        .formatted(
                                wanted.name(),
                                why.words(),
                                after.trials().pauseUntil().map(Instant::toString).orElse("once")),
                about(wanted, "failed").and("why", why.words()));
    }

    private static Fields about(Acme wanted, String what) {
        return Fields.event(EventKind.CERTIFICATE)
                .and("certificate", wanted.name())
                .and("order", what);
    }

    // --- on the thread of an order

    private void order(Standing standing, Acme.Challenge challenge) {
        Acme wanted = standing.wanted();
        try {
            files.prepare(wanted);
            Authority authority = new Authority(wanted, files.accountKey(wanted), standing.trust());
            Authority.Issued issued =
                    authority.order(challenge, proofs -> board.put(wanted.name(), proofs));
            files.keep(wanted, issued.chain(), issued.key().getPrivate());
            inTurn(() -> succeeded(wanted));
        } catch (OrderFailed e) {
            inTurn(() -> failed(wanted, e.failure()));
        } catch (IOException | GeneralSecurityException e) {
            inTurn(() -> failed(wanted, new Failure.Unreachable("it could not be kept: " + e)));
        } catch (InterruptedException _) {
            inTurn(() -> failed(wanted, new Failure.Unreachable("broken off")));
        } catch (RuntimeException bug) {
            log.error(SOURCE, wanted.name() + ": a bug in the order", bug);
            inTurn(() -> failed(wanted, new Failure.Unreachable("a bug: " + bug)));
        } finally {
            board.put(wanted.name(), Proofs.NONE);
        }
    }
}
