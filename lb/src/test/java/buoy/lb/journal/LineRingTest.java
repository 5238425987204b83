package buoy.lb.journal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LineRingTest {
    private static byte[] line(String text) {
        return (text + "\n").getBytes(ISO_8859_1);
    }

    private static String taken(LineRing ring) {
        byte[] to = new byte[64];
        return new String(to, 0, ring.take(to), ISO_8859_1);
    }

    @Test
    void linesComeOutAsTheyWentInAlsoOverTheEnd() {
        LineRing ring = new LineRing(64);
        for (int round = 0; round < 20; round++) {
            byte[] one = line("a line, " + round);
            byte[] two = line("and another of " + round);
            ring.offer(one, one.length);
            ring.offer(two, two.length);

            assertThat(taken(ring))
                    .isEqualTo("a line, %d\nand another of %d\n".formatted(round, round));
            assertThat(ring.isEmpty()).isTrue();
        }
        assertThat(ring.lines()).isEqualTo(40);
        assertThat(ring.lost()).isZero();
    }

    @Test
    void aLineThatFindsNoRoomIsLostAsAWholeAndCounted() {
        LineRing ring = new LineRing(64);
        byte[] most = line("x".repeat(50));
        ring.offer(most, most.length);
        byte[] more = line("0123456789abc");

        ring.offer(more, more.length);
        byte[] fits = line("0123456789ab");
        ring.offer(fits, fits.length);

        assertThat(taken(ring)).isEqualTo("x".repeat(50) + "\n0123456789ab\n");
        assertThat(ring.lines()).isEqualTo(2);
        assertThat(ring.lost()).isOne();
    }

    @Test
    void twoThreadsLoseNothingUncounted() throws Exception {
        LineRing ring = new LineRing(1024);
        int count = 200_000;
        CompletableFuture<Void> producer =
                CompletableFuture.runAsync(
                        () -> {
                            for (int i = 0; i < count; i++) {
                                byte[] line = line(Integer.toString(i));
                                ring.offer(line, line.length);
                            }
                        });
        byte[] to = new byte[1024];
        long lines = 0;
        int last = -1;
        while (true) {
            boolean over = producer.isDone();
            int length = ring.take(to);
            assertThat(length == 0 || to[length - 1] == '\n').isTrue();
            for (String line : new String(to, 0, length, ISO_8859_1).lines().toList()) {
                int number = Integer.parseInt(line);
                assertThat(number).isGreaterThan(last);
                last = number;
                lines++;
            }
            if (over && length == 0) {
                break;
            }
        }
        producer.get();

        assertThat(lines).isEqualTo(ring.lines());
        assertThat(ring.lines() + ring.lost()).isEqualTo(count);
    }
}
