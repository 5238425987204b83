package buoy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.config.ConfigFile;
import buoy.config.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlanTest {
    private static final Path ROOT = Path.of(System.getProperty("buoy.root", ".."));

    @Test
    void theEnvironmentMakesARunLonger() {
        Plan plan = Plan.of(ROOT, Map.of("BENCH_ROUNDS", "20", "BENCH_SECONDS", "10"), List.of());

        assertThat(plan.rounds()).isEqualTo(20);
        assertThat(plan.turn()).isEqualTo(Duration.ofSeconds(10));
        assertThat(plan.nativeBuoy()).isEqualTo(ROOT.resolve("packaging/target/buoy"));
        assertThat(Plan.of(ROOT, Map.of("BUOY_NATIVE", "/x/buoy"), List.of()).nativeBuoy())
                .isEqualTo(Path.of("/x/buoy"));
    }

    @Test
    void aMistypedNumberIsSaid() {
        assertThatThrownBy(() -> Plan.of(ROOT, Map.of("BENCH_ROUNDS", "0"), List.of()))
                .isInstanceOf(BenchFailed.class)
                .hasMessage("BENCH_ROUNDS=0 is not a number from 1 to 99999");
    }

    @Test
    void casesAreNamed() {
        assertThat(Plan.of(ROOT, Map.of(), List.of("http2-64b", "tcp-1mb")).cases())
                .containsExactly(Case.HTTP2_64B, Case.TCP_1MB);
        assertThat(Plan.of(ROOT, Map.of(), List.of()).cases()).hasSize(Case.values().length);
        assertThatThrownBy(() -> Plan.of(ROOT, Map.of(), List.of("http3")))
                .isInstanceOf(BenchFailed.class)
                .hasMessageStartingWith("http3 is not a case (there are: http-64b, ");
    }

    @ParameterizedTest
    @EnumSource
    void buoyAcceptsItsConfigurationsOnceFilled(Setting setting, @TempDir Path directory)
            throws IOException {
        Plan plan = Plan.of(ROOT, Map.of(), List.of());
        Contender buoy = Contender.buoyNative(plan.nativeBuoy());
        Map<String, String> values =
                Served.values(directory, Ports.free(1).getFirst(), Origins.one(20000));
        values.put(Reloads.GENERATION, "1");
        String text =
                Template.filled(
                        Files.readString(plan.template(setting, buoy)), values, plan.many());
        Path file = Files.writeString(directory.resolve("buoy.yaml"), text);

        assertThat(text).doesNotContain("@");
        assertThat(ConfigFile.read(file)).isInstanceOf(Reading.Accepted.class);
    }

    @Test
    void eachServerHasItsOwnAddress() {
        assertThat(IntStream.range(0, 100_000).mapToObj(Template::address).distinct())
                .hasSize(100_000)
                .allMatch(text -> text.matches("127[.][1-9][0-9]*[.][0-9]+[.][1-9][0-9]*"));
        assertThat(Template.filled("a\n@each@b@n@ @address@\n", Map.of(), 2))
                .isEqualTo("a\nb0 127.1.0.1\nb1 127.1.0.2\n");
    }
}
