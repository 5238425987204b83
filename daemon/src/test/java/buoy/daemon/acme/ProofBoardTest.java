package buoy.daemon.acme;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.daemon.acme.plan.Proofs;
import buoy.tls.Challenges;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProofBoardTest {
    @Test
    void whatCannotBeShownSpoilsNoOtherAnswer() {
        ProofBoard board = new ProofBoard(new Challenges());
        Proofs broken = new Proofs(Map.of(), Map.of("app.example.com", "no digest"));
        assertThatThrownBy(() -> board.heard("other", Map.of("site", broken)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatCode(() -> board.put("site", Proofs.NONE)).doesNotThrowAnyException();
    }
}
