package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The lab's own PostgreSQL, without Buoy in front. */
@Needs({"patroni", "etcd", "initdb", "curl"})
class PatroniClusterIT {
    @Test
    void whenThePrimaryDiesTheSynchronousStandbyTakesOver() {
        long start = System.nanoTime();
        try (Lan lan = Lan.open("patroni")) {
            PatroniCluster cluster =
                    PatroniCluster.start(
                            lan.host("etcd", "198.51.100.20/24"),
                            List.of(
                                    lan.host("pg1", "198.51.100.21/24"),
                                    lan.host("pg2", "198.51.100.22/24"),
                                    lan.host("pg3", "198.51.100.23/24")));
            cluster.awaitReady();
            Figures.say(
                    "PostgreSQL on three nodes ready after "
                            + Figures.ms(Duration.ofNanos(System.nanoTime() - start)));
            Host dead = cluster.primary().orElseThrow();
            Host heir = cluster.synchronousStandby().orElseThrow();
            long killed = System.nanoTime();
            dead.powerOff();
            Host next = Await.value(Duration.ofMinutes(1), "a new primary", cluster::primary);
            Figures.say(
                    "Patroni's new primary after "
                            + Figures.ms(Duration.ofNanos(System.nanoTime() - killed)));
            assertThat(next).isSameAs(heir);
        }
    }
}
