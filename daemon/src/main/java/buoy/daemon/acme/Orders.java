// Longer than 200 lines: one certificate's life, from every side that changes it.
package buoy.daemon.acme;

import buoy.config.model.Certificate.Acme;
import buoy.daemon.acme.plan.Failure;
import buoy.daemon.acme.plan.Held;
import buoy.daemon.acme.plan.Place;
import buoy.daemon.acme.plan.Plan;
import buoy.daemon.acme.plan.Proofs;
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
public final class Orders implements Shared, AutoCloseable {
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

    /**
     * Begins to look.
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
                log.info(
                        SOURCE,
                        "%s: ordered from %s: %s; the CA looks by %s"
                                .formatted(name, certificate.directory(), why, challenge),
                        about(certificate, "ordered").and("why", why.toString()));
                Thread order =
                        Thread.ofVirtual()
                                .name("buoy-acme-" + name)
                                .uncaughtExceptionHandler((_, bug) -> orderBroke(certificate, bug))
                                .unstarted(() -> order(planned, challenge));
                standings.put(name, planned.begun(order));
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
        if (!peers.settled(now)) {
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
            Held theirs = StateFiles.held(text);
            Optional<String> here = files.certificateText(certificate);
            if (!theirs.isOf(certificate)
                    || (here.isPresent()
                            && standing.held().isPresent()
                            && !better(theirs, text, standing.held().get(), here.get()))) {
                return;
            }
            files.take(certificate, text);
            standings.put(name, standing.taken(theirs));
            log.info(
                    SOURCE,
                    "%s: taken over from %s, valid until %s"
                            .formatted(name, offer.get().host(), theirs.notAfter()),
                    about(certificate, "taken-over").and("from", offer.get().host()));
        } catch (IOException e) {
            log.warn(
                    SOURCE,
                    "%s: what %s has could not be taken over: %s"
                            .formatted(name, offer.get().host(), e.getMessage()));
        }
    }

    /** The later one, by the CA's clock; of two of one moment every host prefers the same. */
    private static boolean better(Held theirs, String text, Held ours, String ourText) {
        if (!ours.directory().equals(theirs.directory()) || !ours.names().equals(theirs.names())) {
            return true;
        }
        int order = theirs.notBefore().compareTo(ours.notBefore());
        return order > 0 || (order == 0 && text.compareTo(ourText) > 0);
    }

    private void succeeded(Acme ordered) {
        Standing standing = standings.get(ordered.name());
        Optional<Held> held = held(ordered);
        if (standing != null && held.isPresent()) {
            standings.put(ordered.name(), standing.succeeded(held(standing.wanted())));
            log.info(
                    SOURCE,
                    "%s: issued for %s, valid until %s"
                            .formatted(
                                    ordered.name(),
                                    String.join(", ", ordered.names()),
                                    held.get().notAfter()),
                    about(ordered, "issued").and("not-after", held.get().notAfter().toString()));
        }
    }

    private void failed(Acme ordered, Failure why) {
        Standing standing = standings.get(ordered.name());
        if (standing == null) {
            return;
        }
        Standing after = standing.failed(why, Instant.now());
        standings.put(ordered.name(), after);
        log.warn(
                SOURCE,
                "%s: the order failed: %s; next try at %s"
                        .formatted(
                                ordered.name(),
                                why.words(),
                                after.trials().pauseUntil().map(Instant::toString).orElse("once")),
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
        try {
            tell(board.put(certificate.name(), Proofs.NONE));
            files.prepare(certificate);
            KeyPair account =
                    files.accountKey(
                            certificate,
                            text -> peers.tell(new Message.Account(certificate.directory(), text)));
            Authority.Issued issued =
                    new Authority(certificate, account, standing.trust())
                            .order(challenge, proofs -> prove(certificate, proofs));
            String text = files.keep(certificate, issued.chain(), issued.key().getPrivate());
            peers.tell(new Message.Certificate(certificate.name(), text));
            inTurn(() -> succeeded(certificate));
        } catch (OrderFailed e) {
            inTurn(() -> failed(certificate, e.failure()));
        } catch (IOException | GeneralSecurityException e) {
            inTurn(
                    () ->
                            failed(
                                    certificate,
                                    new Failure.Unreachable("it could not be kept: " + e)));
        } catch (InterruptedException _) {
            inTurn(() -> failed(certificate, new Failure.Unreachable("broken off")));
        } finally {
            tell(board.remove(certificate.name()));
        }
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

    private void orderBroke(Acme certificate, Throwable bug) {
        log.error(SOURCE, certificate.name() + ": a bug in the order", bug);
        inTurn(() -> failed(certificate, new Failure.Unreachable("a bug: " + bug)));
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
