package buoy.daemon.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class DecimalTest {
    private final Decimal decimal = new Decimal();

    private static String written(Decimal number) {
        Slices out = new Slices();
        number.writeTo(out);
        return new String(out.end().getFirst(), StandardCharsets.US_ASCII);
    }

    private String seconds(Duration duration) {
        return written(decimal.set(duration.getSeconds(), duration.getNano()));
    }

    @Property
    void wholeNumbersAreAsJavaWritesThem(@ForAll long number) {
        assertThat(written(decimal.set(number))).isEqualTo(Long.toString(number));
    }

    @Property
    void secondsAreExactWithoutZerosAtTheEnd(
            @ForAll long seconds, @ForAll @IntRange(max = 999_999_999) int nanos) {
        String expected =
                BigDecimal.valueOf(seconds)
                        .add(BigDecimal.valueOf(nanos, 9))
                        .stripTrailingZeros()
                        .toPlainString();
        assertThat(written(decimal.set(seconds, nanos))).isEqualTo(expected);
    }

    @Example
    void theEndsOfWhatThereIs() {
        assertThat(written(decimal.set(Long.MIN_VALUE))).isEqualTo("-9223372036854775808");
        assertThat(seconds(Duration.ZERO)).isEqualTo("0");
        assertThat(seconds(Duration.ofNanos(1))).isEqualTo("0.000000001");
        assertThat(seconds(Duration.ofNanos(-1))).isEqualTo("-0.000000001");
        assertThat(seconds(Duration.ofMillis(-1500))).isEqualTo("-1.5");
        assertThat(seconds(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)))
                .isEqualTo("9223372036854775807.999999999");
    }
}
