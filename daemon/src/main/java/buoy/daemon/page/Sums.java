package buoy.daemon.page;

import buoy.daemon.status.Words;
import buoy.lb.BalancerStatus.ServerStatus;
import java.util.List;
import java.util.Optional;

/**
 * What several servers do together.
 *
 * @param rate exchanges and sessions a second; empty if of none it is known
 */
record Sums(long active, Optional<Double> rate, long finished, long failed) {
    static Sums of(Picture picture, String pool, List<ServerStatus> servers) {
        long active = 0;
        long finished = 0;
        long failed = 0;
        boolean known = false;
        double rate = 0;
        for (ServerStatus server : servers) {
            active += server.active();
            finished += server.totals().finished();
            failed += server.totals().failed();
            Optional<Double> one = picture.pace().of(pool + "/" + server.name());
            known |= one.isPresent();
            rate += one.orElse(0.0);
        }
        return new Sums(active, known ? Optional.of(rate) : Optional.empty(), finished, failed);
    }

    void cells(Html out) {
        out.number(Words.count(active)).number(rate.map(Words::rate).orElse("-"));
        out.number(Words.count(finished)).number(Words.count(failed));
    }

    String inWords() {
        return "%s active, %s%s done, %s failed"
                .formatted(
                        Words.count(active),
                        rate.map(each -> Words.rate(each) + " per s, ").orElse(""),
                        Words.count(finished),
                        Words.count(failed));
    }
}
