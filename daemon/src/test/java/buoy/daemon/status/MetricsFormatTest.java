package buoy.daemon.status;

import static buoy.daemon.status.MetricsFormat.OPEN_METRICS;
import static buoy.daemon.status.MetricsFormat.PROMETHEUS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class MetricsFormatTest {
    private static MetricsFormat accepted(String accept) {
        return MetricsFormat.accepted(Optional.of(accept));
    }

    @Example
    void prometheusPrefersOpenMetrics() {
        // Versions 2.42 and 3.
        assertThat(
                        accepted(
                                "application/openmetrics-text;version=1.0.0,"
                                        + "application/openmetrics-text;version=0.0.1;q=0.75,"
                                        + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"))
                .isEqualTo(OPEN_METRICS);
        assertThat(
                        accepted(
                                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
                                        + "application/openmetrics-text;version=0.0.1;q=0.4,"
                                        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,"
                                        + "text/plain;version=0.0.4;q=0.2,*/*;q=0.1"))
                .isEqualTo(OPEN_METRICS);
    }

    @Example
    void whoNamesItGetsItUnlessSomethingElseIsWantedMore() {
        assertThat(accepted("application/openmetrics-text")).isEqualTo(OPEN_METRICS);
        assertThat(accepted("Application/OpenMetrics-Text; Version=\"1.0.0\"; Q=1.0"))
                .isEqualTo(OPEN_METRICS);
        assertThat(accepted("text/plain, application/openmetrics-text;q=0.9"))
                .isEqualTo(PROMETHEUS);
        assertThat(accepted("application/openmetrics-text;q=0")).isEqualTo(PROMETHEUS);
        assertThat(accepted("application/openmetrics-text;version=0.0.1")).isEqualTo(PROMETHEUS);
        assertThat(accepted("application/openmetrics-text;version=2.0.0")).isEqualTo(PROMETHEUS);
    }

    @Example
    void everybodyElseGetsWhatEverythingReads() {
        assertThat(MetricsFormat.accepted(Optional.empty())).isEqualTo(PROMETHEUS);
        for (String accept : new String[] {"*/*", "text/plain", "text/html", "", ",;=,"}) {
            assertThat(accepted(accept)).as(accept).isEqualTo(PROMETHEUS);
        }
    }

    @Property
    void whateverIsSentIsRead(@ForAll String accept) {
        assertThat(accepted(accept)).isNotNull();
        assertThat(accepted("application/openmetrics-text;" + accept)).isNotNull();
    }
}
