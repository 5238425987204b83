package buoy.lb.http;

import buoy.config.model.Listener;
import buoy.lb.journal.Journals;
import buoy.lb.listen.Front;
import buoy.lb.login.Logins;
import buoy.lb.pool.Pool;
import buoy.lb.worker.Worker;
import buoy.tls.Challenges;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 for every listener. One object for the whole process, so what must survive a reload
 * (each worker's idle server connections) is kept here.
 */
public final class Http implements AutoCloseable {
    private final int workers;
    private final Journals journals;
    private final Logins logins = new Logins();

    /** What CAs are answered. */
    final Challenges challenges;

    /** Each worker sees its own alone. */
    private final AtomicReferenceArray<Workshop> workshops;

    /**
     * @param journals where access logs go
     * @param challenges what CAs are answered that ask in plain HTTP
     */
    public Http(int workers, Journals journals, Challenges challenges) {
        this.challenges = challenges;
        this.workers = workers;
        this.journals = journals;
        this.workshops = new AtomicReferenceArray<>(workers);
    }

    /**
     * A front for this configuration of a listener.
     *
     * @param pools every pool that its routes name
     * @param before of the same listener
     */
    public Front front(Listener.Http listener, Map<String, Pool> pools, @Nullable Front before) {
        return new HttpFront(
                this,
                workers,
                listener,
                pools,
                Metering.of(
                        listener,
                        before instanceof HttpFront known ? known.metering : Metering.NONE),
                listener.accessLog()
                        .map(log -> new AccessLines(log.format(), journals.to(log.to()), workers))
                        .orElse(null));
    }

    /** The worker's own; called on that worker. */
    Workshop workshop(Worker worker) {
        Workshop shop = workshops.getPlain(worker.index());
        if (shop == null) {
            shop = new Workshop(worker, logins);
            workshops.setPlain(worker.index(), shop);
        }
        return shop;
    }

    /** Ends its threads; what they had to do is left undone. */
    @Override
    public void close() {
        logins.close();
    }
}
