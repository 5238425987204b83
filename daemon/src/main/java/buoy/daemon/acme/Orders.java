// Longer than 200 lines: one certificate's life, from every side that changes it.
package buoy.daemon.acme;

import buoy.config.model.Certificate.Acme;
import buoy.daemon.acme.plan.Failure;
import buoy.daemon.acme.plan.Held;
import buoy.daemon.acme.plan.Place;
import buoy.daemon.acme.plan.Plan;
import buoy.daemon.acme.plan.Proofs;
import buoy.daemon.acme.plan.Trials;
import buoy.daemon.log.EventKind;
import buoy.daemon.log.Fields;
import buoy.daemon.log.Log;
import buoy.daemon.peer.Peers;
import buoy.daemon.peer.Shared;
import buoy.daemon.peer.wire.Message;
import buoy.tls.Challenges;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * The certificates that Buoy orders. What is known of them belongs to one thread, which looks
 * several times a second whether something is to be done; an order has a thread of its own. The
 * calls from outside wait for nothing.
 */
public final class Orders implements Shared, AutoCloseable {
    private static final String SOURCE = "acme";
    private static final Duration EVERY = Duration.ofMillis(250);

    /** CAs limit how much one account does at a time. */
    private static final int AT_A_TIME = 4;

    private final Supplier<Place> place;
    private final Log log;
    private final StateFiles files = new StateFiles();
    private final ProofBoard board;
    private final Ca ca;
    private final Duration longest;

    /** Issued, but not on the disk yet. */
    private final Map<String, Unkept> unkept = new ConcurrentHashMap<>();

    /** Touched by this thread alone. */
    private final Map<String, Standing> standings = new LinkedHashMap<>();

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    task -> Thread.ofPlatform().name("buoy-acme").daemon().unstarted(task));

    /** Touched by the thread alone, too. */
    private final Others others = new Others();

    private volatile List<Acme> wanted = List.of();
    private volatile Peers peers = Peers.NONE;
    private volatile List<OrderStatus> status = List.of();

    /**
     * A certificate to order.
     *
     * @param trust believes the CA's own certificate
     */
    public record Wanted(Acme certificate, SSLContext trust) {}

    private record Unkept(Acme ordered, Authority.Issued issued) {}

    /** Who issues. */
    interface Ca {
        /** As {@link Authority#order}. */
        Authority.Issued order(
                Standing standing,
                KeyPair account,
                Acme.Challenge challenge,
                Consumer<Proofs> proofs)
                throws OrderFailed, InterruptedException;
    }

    /**
     * Orders nothing yet.
     *
     * @param challenges where CAs find their answers
     * @param place which host orders; asked often
     */
    public Orders(Challenges challenges, Supplier<Place> place, Log log) {
        this(
                challenges,
                place,
                log,
                (standing, account, challenge, proofs) ->
                        new Authority(standing.wanted(), account, standing.trust())
                                .order(challenge, proofs),
                Others.LONGEST_ORDER);
    }

    /**
     * @param longest an order may take; it is broken off then
     */
    Orders(Challenges challenges, Supplier<Place> place, Log log, Ca ca, Duration longest) {
        this.ca = ca;
        this.longest = longest;
        this.board = new ProofBoard(challenges);
        this.place = place;
        this.log = log;
    }

    /**
     * Begins to look, and so to order: not before it is known which host orders.
     *
     * @param hosts with which everything is shared
     */
    public void begin(Peers hosts) {
        peers = hosts;
        var _ =
                thread.scheduleWithFixedDelay(
                        this::look, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** These are ordered from now on, and no others. */
    public void apply(Collection<Wanted> next) {
        wanted = next.stream().map(Wanted::certificate).toList();
        inTurn(
                () -> {
                    Map<String, Standing> before = new LinkedHashMap<>(standings);
                    standings.clear();
                    for (Wanted each : next) {
                        Acme now = each.certificate();
                        Standing was = before.remove(now.name());
                        Optional<Held> held = held(now);
                        standings.put(
                                now.name(),
                                was == null
                                        ? Standing.of(now, each.trust(), held)
                                        : was.reloaded(now, each.trust(), held));
                    }
                    standings.keySet().forEach(this::consider);
                    unkept.keySet().retainAll(standings.keySet());
                    before.values().forEach(Orders::breakOff);
                });
    }

    public List<OrderStatus> status() {
        return status;
    }

    /** Orders under way are broken off; the CA forgets them. */
    @Override
    public void close() {
        inTurn(() -> standings.values().forEach(Orders::breakOff));
        thread.shutdown();
    }

    private static void breakOff(Standing standing) {
        standing.underWay().ifPresent(order -> order.thread().interrupt());
    }

    private void inTurn(Runnable task) {
        try {
            thread.execute(
                    () -> {
                        try {
                            task.run();
                            publish();
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
            others.forgotten(now).forEach(instance -> board.heard(instance, Map.of()));
            for (String name : List.copyOf(standings.keySet())) {
                Standing standing = standing(name);
                if (standing.underWay().isEmpty()) {
                    plan(standing, where, now);
                } else if (System.nanoTime() - standing.underWay().get().since()
                        > longest.toNanos()) {
                    breakOff(standing);
                }
            }
            publish();
        } catch (RuntimeException bug) {
            log.error(SOURCE, "a bug", bug);
        }
    }

    private void publish() {
        status = standings.values().stream().map(Standing::status).toList();
    }

    private Standing standing(String name) {
        Standing standing = standings.get(name);
        if (standing == null) {
            throw new IllegalStateException("no certificate " + name);
        }
        return standing;
    }

    private void plan(Standing standing, Place where, Instant now) {
        Acme certificate = standing.wanted();
        String name = certificate.name();
        Plan plan =
                Plan.of(
                        certificate,
                        standing.held(),
                        where instanceof Place.Here ? here(name, now) : where,
                        standing.trials(),
                        now);
        if (plan instanceof Plan.Order && underWay() >= AT_A_TIME) {
            return;
        }
        boolean news = !standing.plan().equals(Optional.of(plan));
        Standing planned = standing.planned(plan);
        standings.put(name, planned);
        switch (plan) {
            case Plan.Order(var why, var challenge) -> {
                if (unkept(certificate).isEmpty()) {
                    log.info(
                            SOURCE,
                            "%s: ordered from %s: %s; the CA looks by %s"
                                    .formatted(name, certificate.directory(), why, challenge),
                            about(certificate, "ordered").and("why", why.toString()));
                } else {
                    log.info(SOURCE, name + ": what was issued is written once more");
                }
                // Making a key takes a processor for long, which no virtual thread gives up.
                Thread order =
                        Thread.ofPlatform()
                                .daemon()
                                .name("buoy-acme-" + name)
                                .uncaughtExceptionHandler(
                                        (by, bug) -> orderBroke(certificate, by, bug))
                                .unstarted(() -> order(planned, challenge));
                standings.put(name, planned.begun(new Standing.UnderWay(order, System.nanoTime())));
                order.start();
            }
            case Plan.Rest rest -> {
                if (news) {
                    log.info(SOURCE, name + ": " + Standing.words(rest));
                }
            }
            case Plan.Leave leave -> {
                if (news) {
                    log.info(SOURCE, name + ": " + Standing.words(leave));
                }
            }
        }
    }

    /** Whether this host, which is to order, is better off if it does not. */
    private Place here(String name, Instant now) {
        if (!peers.settled(System.nanoTime())) {
            return new Place.Elsewhere("the other hosts are asked first whether they have it");
        }
        return others.ordering(name, now)
                .<Place>map(host -> new Place.Elsewhere(host + " is ordering it"))
                .orElseGet(Place.Here::new);
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

    /** Takes what another host has, if it is what is wanted here and better than what there is. */
    private void consider(String name) {
        Standing standing = standing(name);
        Optional<Others.Offer> offer = others.offer(name);
        if (offer.isEmpty()) {
            return;
        }
        Acme certificate = standing.wanted();
        String text = offer.get().text();
        try {
            Optional<Held> theirs = files.take(certificate, text);
            if (theirs.isEmpty()) {
                return;
            }
            unkept.remove(name);
            standings.put(name, standing.taken(theirs.get()));
            log.info(
                    SOURCE,
                    "%s: taken over from %s, valid until %s"
                            .formatted(name, offer.get().host(), theirs.get().notAfter()),
                    about(certificate, "taken-over").and("from", offer.get().host()));
        } catch (IOException e) {
            log.warn(
                    SOURCE,
                    "%s: what %s has could not be taken over: %s"
                            .formatted(name, offer.get().host(), e.getMessage()));
        }
    }

    private void succeeded(Acme ordered, Thread by) {
        Optional<Standing> mine = ended(ordered, by);
        if (mine.isEmpty()) {
            return;
        }
        Standing standing = mine.get();
        Instant now = Instant.now();
        Optional<Held> held = held(standing.wanted());
        Optional<Plan.Why> still = Plan.why(standing.wanted(), held, now);
        if (ordered.equals(standing.wanted()) && still.isPresent()) {
            // Another order would end the same way: not without a pause.
            Failure why =
                    new Failure.Refused(
                            "what the CA issued is not of use for long: " + still.get());
            Trials after = standing.trials().failed(why, now);
            standings.put(ordered.name(), standing.issued(held, after));
            warnOfFailure(ordered, why, after);
            return;
        }
        standings.put(ordered.name(), standing.issued(held, Trials.NONE));
        held.ifPresent(
                fresh ->
                        log.info(
                                SOURCE,
                                "%s: issued for %s, valid until %s"
                                        .formatted(
                                                ordered.name(),
                                                String.join(", ", ordered.names()),
                                                fresh.notAfter()),
                                about(ordered, "issued")
                                        .and("not-after", fresh.notAfter().toString())));
    }

    private void failed(Acme ordered, Thread by, Failure why) {
        ended(ordered, by)
                .ifPresent(
                        standing -> {
                            Standing after = standing.failed(why, Instant.now());
                            standings.put(ordered.name(), after);
                            warnOfFailure(ordered, why, after.trials());
                        });
    }

    /** What is known of a certificate whose order ended, if it is of this order still. */
    private Optional<Standing> ended(Acme ordered, Thread by) {
        Optional<Standing> standing = Optional.ofNullable(standings.get(ordered.name()));
        Optional<Thread> current =
                standing.flatMap(Standing::underWay).map(Standing.UnderWay::thread);
        if (current.isEmpty() || current.get().equals(by)) {
            tell(board.remove(ordered.name()));
        }
        return standing.filter(_ -> current.filter(by::equals).isPresent());
    }

    private void warnOfFailure(Acme ordered, Failure why, Trials after) {
        log.warn(
                SOURCE,
                "%s: the order failed: %s; next try at %s"
                        .formatted(
                                ordered.name(),
                                why.words(),
                                after.pauseUntil().map(Instant::toString).orElse("once")),
                about(ordered, "failed").and("why", why.words()));
    }

    private static Fields about(Acme ordered, String what) {
        return Fields.event(EventKind.CERTIFICATE)
                .and("certificate", ordered.name())
                .and("order", what);
    }

    // --- on the thread of an order

    private void order(Standing standing, Acme.Challenge challenge) {
        Acme certificate = standing.wanted();
        Thread self = Thread.currentThread();
        try {
            Optional<Authority.Issued> left = unkept(certificate);
            Authority.Issued issued = left.isPresent() ? left.get() : issue(standing, challenge);
            String text = files.keep(certificate, issued.chain(), issued.key().getPrivate());
            unkept.remove(certificate.name());
            peers.tell(new Message.Certificate(certificate.name(), text));
            inTurn(() -> succeeded(certificate, self));
        } catch (OrderFailed e) {
            inTurn(() -> failed(certificate, self, e.failure()));
        } catch (IOException | GeneralSecurityException e) {
            Failure why = new Failure.Unreachable("it could not be kept: " + e);
            inTurn(() -> failed(certificate, self, why));
        } catch (InterruptedException _) {
            inTurn(() -> failed(certificate, self, new Failure.Unreachable("broken off")));
        }
    }

    private Authority.Issued issue(Standing standing, Acme.Challenge challenge)
            throws OrderFailed, IOException, GeneralSecurityException, InterruptedException {
        Acme certificate = standing.wanted();
        tell(board.put(certificate.name(), Proofs.NONE));
        files.prepare(certificate);
        KeyPair account =
                files.accountKey(
                        certificate,
                        text -> peers.tell(new Message.Account(certificate.directory(), text)));
        Authority.Issued issued =
                ca.order(standing, account, challenge, proofs -> prove(certificate, proofs));
        unkept.put(certificate.name(), new Unkept(certificate, issued));
        return issued;
    }

    private Optional<Authority.Issued> unkept(Acme certificate) {
        return Optional.ofNullable(unkept.get(certificate.name()))
                .filter(each -> each.ordered().equals(certificate))
                .map(Unkept::issued);
    }

    private void prove(Acme certificate, Proofs proofs) {
        tell(board.put(certificate.name(), proofs));
        log.info(
                SOURCE,
                certificate.name()
                        + (proofs.equals(Proofs.NONE)
                                ? ": the CA knows the names already"
                                : ": ready for the CA to look"));
    }

    private void orderBroke(Acme certificate, Thread by, Throwable bug) {
        log.error(SOURCE, certificate.name() + ": a bug in the order", bug);
        inTurn(() -> failed(certificate, by, new Failure.Refused("a bug: " + bug)));
    }

    private void tell(Map<String, Proofs> own) {
        peers.tell(new Message.Challenges(own));
    }

    // --- the other hosts

    @Override
    public List<Message> all() {
        List<Message> all = new ArrayList<>();
        for (Acme each : wanted) {
            try {
                files.accountText(each)
                        .ifPresent(text -> all.add(new Message.Account(each.directory(), text)));
                files.certificateText(each)
                        .ifPresent(text -> all.add(new Message.Certificate(each.name(), text)));
            } catch (IOException | GeneralSecurityException e) {
                log.warn(SOURCE, "%s: cannot be told to the others: %s".formatted(each.name(), e));
            }
        }
        all.add(new Message.Challenges(board.own()));
        return all;
    }

    @Override
    public void heard(String host, String instance, Message message) {
        switch (message) {
            case Message.Account(var directory, var text) ->
                    inTurn(() -> heardAccount(host, directory, text));
            case Message.Certificate(var name, var text) ->
                    inTurn(
                            () -> {
                                others.offered(name, host, text);
                                if (standings.containsKey(name)) {
                                    consider(name);
                                }
                            });
            case Message.Challenges(var byOrder) -> {
                board.heard(instance, byOrder);
                inTurn(() -> others.orders(instance, host, byOrder.keySet(), Instant.now()));
            }
            case Message.Hello _, Message.Whole _, Message.Alive _, Message.Unknown _ -> {}
        }
    }

    @Override
    public void gone(String instance) {
        inTurn(() -> others.gone(instance, Instant.now()));
    }

    private void heardAccount(String host, String directory, String text) {
        Optional<Acme> with =
                standings.values().stream()
                        .map(Standing::wanted)
                        .filter(each -> each.directory().equals(directory))
                        .findFirst();
        if (with.isEmpty()) {
            return;
        }
        try {
            if (files.takeAccount(with.get(), text)) {
                log.info(
                        SOURCE,
                        "the account with %s: taken over from %s".formatted(directory, host));
            }
        } catch (IOException | GeneralSecurityException e) {
            log.warn(
                    SOURCE,
                    "the account with %s: what %s has could not be taken over: %s"
                            .formatted(directory, host, e.getMessage()));
        }
    }
}
