package buoy.daemon.upgrade;

import buoy.lb.PoolsKnown;
import buoy.lb.PoolsKnown.PoolKnown;
import buoy.lb.PoolsKnown.ServerKnown;
import buoy.lb.pool.Duty;
import buoy.lb.pool.Met;
import buoy.lb.pool.Server;
import buoy.lb.pool.ServerHealth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** What is known of pools, as text: a pool is followed by its servers, and by who met them. */
final class PoolsText {
    private PoolsText() {}

    static String encode(PoolsKnown all) {
        Lines lines = new Lines();
        for (PoolKnown pool : all.pools()) {
            lines.add("pool", pool.name(), pool.paused().map(Instant::toString).orElse(Lines.NONE));
            for (ServerKnown server : pool.servers()) {
                ServerHealth health = server.health();
                Server.Orders orders = server.orders();
                lines.add(
                        "server",
                        server.name(),
                        server.address(),
                        health.state(),
                        health.since(),
                        health.why(),
                        health.otherRole(),
                        orders.duty(),
                        orders.since(),
                        orders.weight().isPresent() ? orders.weight().getAsInt() : Lines.NONE);
            }
            for (Met met : pool.met()) {
                lines.add("met", met.key(), met.server(), met.used());
            }
        }
        return lines.toString();
    }

    /** As far as there are pools. */
    static PoolsKnown read(LineReader in) {
        List<PoolKnown> pools = new ArrayList<>();
        while (in.isAt("pool")) {
            pools.add(pool(in));
        }
        return new PoolsKnown(pools);
    }

    private static PoolKnown pool(LineReader in) {
        LineReader.Line line = in.next();
        List<ServerKnown> servers = new ArrayList<>();
        while (in.isAt("server")) {
            servers.add(server(in.next()));
        }
        List<Met> met = new ArrayList<>();
        while (in.isAt("met")) {
            LineReader.Line each = in.next();
            met.add(new Met(each.longNumber(1), each.word(2), each.longNumber(3)));
        }
        return new PoolKnown(line.word(1), line.optional(2).map(Instant::parse), servers, met);
    }

    private static ServerKnown server(LineReader.Line line) {
        ServerHealth health =
                new ServerHealth(
                        ServerHealth.State.valueOf(line.word(3)),
                        line.instant(4),
                        line.word(5),
                        line.flag(6));
        OptionalInt weight =
                line.optional(9).isPresent() ? OptionalInt.of(line.number(9)) : OptionalInt.empty();
        Server.Orders orders =
                new Server.Orders(Duty.valueOf(line.word(7)), line.instant(8), weight);
        return new ServerKnown(line.word(1), line.word(2), health, orders);
    }
}
