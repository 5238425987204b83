package buoy.lb.pool;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lb.kit.Configs;
import java.util.List;
import org.junit.jupiter.api.Test;

class RememberedTest {
    private static final List<Server> SERVERS =
            new Pool(Configs.pool("app", Configs.loopback(1), Configs.loopback(2)), 1).servers();
    private static final Server A = SERVERS.getFirst();
    private static final Server B = SERVERS.getLast();

    @Test
    void aKeyIsKnownUntilItWasNotUsedForItsTime() {
        Remembered remembered = new Remembered();
        remembered.put(7, A, 0);
        assertThat(remembered.find(7, 99, 100)).isSameAs(A);
        assertThat(remembered.find(7, 198, 100)).isSameAs(A);
        assertThat(remembered.find(7, 298, 100)).isNull();
        assertThat(remembered.find(8, 0, 100)).isNull();
        remembered.put(7, B, 300);
        assertThat(remembered.find(7, 300, 100)).isSameAs(B);
    }

    @Test
    void anotherProcessIsToldOfThoseUsedLast() {
        Remembered remembered = new Remembered();
        remembered.put(1, A, Long.MAX_VALUE);
        remembered.put(2, B, Long.MIN_VALUE + 5); // the clock has wrapped
        remembered.put(3, A, Long.MAX_VALUE - 5);
        assertThat(remembered.latest(2))
                .containsExactly(
                        new Met(2, B.name(), Long.MIN_VALUE + 5),
                        new Met(1, A.name(), Long.MAX_VALUE));
        assertThat(remembered.latest(3)).hasSize(3);
    }

    @Test
    void ofKeysThatShareAPlaceTheOneNotUsedForLongestIsForgotten() {
        Remembered remembered = new Remembered();
        long place = 1L << 16;
        for (int i = 0; i < 5; i++) {
            remembered.put(i * place + 3, A, i);
        }
        assertThat(remembered.find(3, 5, Long.MAX_VALUE)).isNull();
        for (int i = 1; i < 5; i++) {
            assertThat(remembered.find(i * place + 3, 5, Long.MAX_VALUE)).isSameAs(A);
        }
    }
}
