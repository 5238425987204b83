package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.daemon.admin.Answer;
import buoy.daemon.admin.Request;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SessionCommandsTest {
    @Test
    void aLimitHasBounds() {
        assertThat(SessionCommands.most(Optional.empty())).isEqualTo(100);
        assertThat(SessionCommands.most(Optional.of("1"))).isEqualTo(1);
        assertThat(SessionCommands.most(Optional.of("10000"))).isEqualTo(10_000);
        for (String wrong : new String[] {"0", "-1", "10001", "", "all"}) {
            assertThatThrownBy(() -> SessionCommands.most(Optional.of(wrong)))
                    .as(wrong)
                    .isInstanceOf(NumberFormatException.class);
        }
    }

    @Test
    void whatCannotBeToldIsNotTakenForNone() {
        WillingCommands commands = new WillingCommands();
        commands.sessions = Optional.empty();
        Answer answer =
                commands.api()
                        .admin()
                        .answer(Request.of("GET", "/api/v1/sessions"))
                        .toCompletableFuture()
                        .join();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).contains("buoy is stopping");
    }
}
