package buoy.daemon.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FoldTest {
    private static Fold<String> fold(int most, int room) {
        return Fold.of(
                List.of("a up", "b down", "c up", "d down"),
                most,
                room,
                each -> each.endsWith("down") ? 0 : 1,
                (each, out) -> out.text(each));
    }

    @Test
    void whatMattersMostIsShownWhereItStandsInTheList() {
        Fold<String> fold = fold(3, 100);
        assertThat(fold.shown()).containsExactly("a up", "b down", "d down");
        assertThat(fold.rest()).containsExactly("c up");
    }

    @Test
    void noMoreIsShownThanThereIsRoomFor() {
        assertThat(fold(4, 15).shown()).containsExactly("b down", "d down");
        assertThat(fold(4, 16).shown()).containsExactly("a up", "b down", "d down");
        assertThat(fold(4, 5).rest()).hasSize(4);
    }

    @Test
    void theRestIsCountedAndSaidToBeElsewhere() {
        Fold<String> fold = fold(1, 100);
        assertThat(fold.count(each -> each.substring(2))).isEqualTo("2 up, 1 down");
        assertThat(fold.sum(String::length)).isEqualTo(14);
        Html out = new Html();
        fold.rest("<them>", out);
        assertThat(out.toString())
                .startsWith(
                        "<p class=\"rest soft\">and 3 more: &lt;them&gt; (<a href=\"/api/v1/status\">");
        Html all = new Html();
        fold(4, 100).rest("none", all);
        assertThat(all.toString()).isEmpty();
    }
}
