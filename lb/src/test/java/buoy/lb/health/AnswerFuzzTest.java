package buoy.lb.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** A server under test may answer anything. */
class AnswerFuzzTest {
    @FuzzTest
    void anything(byte[] bytes) {
        for (Answer.Extent extent : Answer.Extent.values()) {
            Answer ended = Answer.read(bytes, bytes.length, true, extent);
            assertThat(ended).isNotInstanceOf(Answer.NeedMore.class);
            if (ended instanceof Answer.Response(int status, var body, _)) {
                assertThat(status).isBetween(200, 999);
                assertThat(body.length()).isLessThanOrEqualTo(bytes.length);
            }
            // What is known before the end stays true.
            Answer open = Answer.read(bytes, bytes.length, false, extent);
            if (!(open instanceof Answer.NeedMore)) {
                assertThat(ended).isEqualTo(open);
            }
        }
    }
}
