package buoy.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * All that runs, and the directory it runs in. Closing it ends what it started and nothing else; an
 * interrupt does the same.
 */
final class Stage implements AutoCloseable {
    private final Plan plan;
    private final Setting setting;
    private final Cores cores;
    private final Scratch scratch;
    private final List<Served> running = new ArrayList<>();

    /** What ends them. */
    private final List<Runnable> origins = new ArrayList<>();

    private boolean ended;

    private Stage(Plan plan, Setting setting, Cores cores, Scratch scratch) {
        this.plan = plan;
        this.setting = setting;
        this.cores = cores;
        this.scratch = scratch;
    }

    /** For cases of one setting. */
    static Stage open(Plan plan, Setting setting, Cores cores) {
        try {
            Stage stage = new Stage(plan, setting, cores, Scratch.make());
            SiteFiles.make(stage.scratch.path(), plan.many());
            Runtime.getRuntime().addShutdownHook(new Thread(stage::close, "bench-close"));
            return stage;
        } catch (IOException e) {
            throw new BenchFailed("no temporary directory: " + e.getMessage(), e);
        }
    }

    /** Starts all of them; returns when each answers. */
    void start(Contender origin, List<Contender> contenders) {
        Origins at = Origins.free();
        startOrigins(origin, at);
        List<Ports> ports = Ports.free(contenders.size());
        for (int i = 0; i < contenders.size(); i++) {
            start(contenders.get(i), ports.get(i), at);
        }
    }

    private synchronized void startOrigins(Contender origin, Origins at) {
        refuseOnceEnded();
        Ports none = new Ports(Map.of());
        Served http =
                Served.start(
                        origin,
                        plan.template(Setting.USUAL, origin),
                        setting == Setting.SERVERS ? plan.many() : 0,
                        scratch.path(),
                        none,
                        at,
                        cores::onOtherCores);
        origins.add(http::close);
        if (plan.needsDatabase()) {
            origins.add(Postgres.start(scratch.path(), at.postgres(), cores)::close);
        }
        if (plan.needs(Door.WEBSOCKET)) {
            origins.add(WebSockets.start(scratch.path(), at.echo(), cores)::close);
        }
    }

    private synchronized void start(Contender contender, Ports ports, Origins at) {
        refuseOnceEnded();
        Served served =
                Served.start(
                        contender,
                        plan.template(setting, contender),
                        plan.many(),
                        scratch.path(),
                        ports,
                        at,
                        cores::onProxyCore);
        running.add(served);
        served.awaitAnswers(plan.cases());
    }

    private void refuseOnceEnded() {
        if (ended) {
            throw new BenchFailed("interrupted");
        }
    }

    /** The contenders, without the origins. */
    synchronized List<Served> served() {
        return List.copyOf(running);
    }

    @Override
    public synchronized void close() {
        if (ended) {
            return;
        }
        ended = true;
        running.reversed().forEach(Served::close);
        origins.reversed().forEach(Runnable::run);
        scratch.close();
    }
}
