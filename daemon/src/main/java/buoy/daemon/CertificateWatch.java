package buoy.daemon;

import buoy.daemon.log.EventKind;
import buoy.daemon.log.Fields;
import buoy.daemon.log.Log;
import buoy.tls.CertificateEvent;
import buoy.tls.Stapling;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Looks after the files of certificates, on a thread of its own, and says what came of it. */
final class CertificateWatch implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(500);

    /** A look at thousands of files takes its time: no more than a tenth of all. */
    private static final int REST = 9;

    private final Supplier<LoadedTls> running;
    private final Log log;
    private final Stapling stapling = new Stapling();
    private final CountDownLatch closed = new CountDownLatch(1);

    private CertificateWatch(Supplier<LoadedTls> running, Log log) {
        this.running = running;
        this.log = log;
    }

    /**
     * @param running what is to be looked after at the time
     */
    static CertificateWatch start(Supplier<LoadedTls> running, Log log) {
        CertificateWatch watch = new CertificateWatch(running, log);
        Thread.ofPlatform().name("buoy-certificates").daemon().start(watch::run);
        return watch;
    }

    private void run() {
        long rest = EVERY.toNanos();
        try {
            while (!closed.await(rest, TimeUnit.NANOSECONDS)) {
                long begun = System.nanoTime();
                look();
                rest = Math.max(EVERY.toNanos(), (System.nanoTime() - begun) * REST);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            running.get().look(Instant.now(), stapling).forEach(this::say);
        } catch (RuntimeException bug) {
            log.error("certificate", "a bug in the look at the certificates", bug);
        }
    }

    private void say(CertificateEvent event) {
        String name = event.certificate();
        Fields fields = Fields.event(EventKind.CERTIFICATE).and("certificate", name);
        switch (event) {
            case CertificateEvent.Shown(_, boolean isNew, var end) ->
                    log.info(
                            "certificate",
                            "%s: %s, valid until %s"
                                    .formatted(name, isNew ? "shown" : "replaced", end),
                            fields.and("result", isNew ? "shown" : "replaced"));
            case CertificateEvent.Withdrawn _ ->
                    log.info(
                            "certificate",
                            name + ": its files are gone, it is shown no more",
                            fields.and("result", "withdrawn"));
            case CertificateEvent.Broken(_, var why, boolean kept) ->
                    log.error(
                            "certificate",
                            "%s: %s: %s"
                                    .formatted(
                                            name,
                                            kept ? "not replaced" : "not shown",
                                            why.message()),
                            fields.and("result", kept ? "kept" : "refused")
                                    .and("why", why.message()));
            case CertificateEvent.Unlisted(_, var why) ->
                    log.error(
                            "certificate",
                            "%s: what it held is still shown: %s".formatted(name, why.message()),
                            fields.and("result", "kept").and("why", why.message()));
            case CertificateEvent.Trusted _ ->
                    log.info(
                            "certificate",
                            name + ": whom to believe was read anew",
                            fields.and("result", "replaced"));
            case CertificateEvent.TicketKeys _ ->
                    log.info(
                            "certificate",
                            name + ": tickets have the keys that were read anew",
                            fields.and("result", "replaced"));
            case CertificateEvent.Doubtful(_, var why) ->
                    log.warn(
                            "certificate",
                            "%s: %s".formatted(name, why.message()),
                            fields.and("why", why.message()));
            case CertificateEvent.Stapled(_, var until) ->
                    log.info(
                            "certificate",
                            "%s: an OCSP response is stapled, good until %s".formatted(name, until),
                            fields.and("result", "stapled"));
            case CertificateEvent.NotStapled(_, var why, boolean kept) ->
                    log.warn(
                            "certificate",
                            "%s: no OCSP response to staple%s: %s"
                                    .formatted(name, kept ? " after this one" : "", why),
                            fields.and("result", "not-stapled").and("why", why));
            case CertificateEvent.Revoked(_, var why) ->
                    log.error(
                            "certificate",
                            "%s: its authority has revoked it (replace it): %s"
                                    .formatted(name, why),
                            fields.and("result", "revoked").and("why", why));
            case CertificateEvent.Ending(_, var end, int days) when days > 0 ->
                    log.warn(
                            "certificate",
                            "%s: %d days left, until %s (renew it)".formatted(name, days, end),
                            fields.and("days-left", days));
            case CertificateEvent.Ending(_, var end, int days) ->
                    log.error(
                            "certificate",
                            "%s: ended at %s (renew it)".formatted(name, end),
                            fields.and("days-left", days));
        }
    }

    @Override
    public void close() {
        closed.countDown();
        stapling.close();
    }
}
