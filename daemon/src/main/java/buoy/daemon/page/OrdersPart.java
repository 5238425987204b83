package buoy.daemon.page;

import buoy.daemon.acme.OrderStatus;
import buoy.daemon.status.Words;
import java.time.Duration;
import java.util.List;

/** The certificates that Buoy orders by itself. */
final class OrdersPart {
    /** In characters. */
    private static final int ROOM = 3 * 1024;

    private OrdersPart() {}

    static void write(Picture picture, Html out) {
        List<OrderStatus> orders = picture.status().orders();
        if (orders.isEmpty()) {
            return;
        }
        out.title("Ordered certificates");
        out.table("Ordered certificates", "Certificate", "State", "Next in", "Why");
        Fold<OrderStatus> rows =
                Fold.of(
                        orders,
                        orders.size(),
                        ROOM,
                        each -> each.lastFailure().isPresent() ? 0 : 1,
                        (each, row) -> order(picture, each, row));
        rows.write(out);
        out.endTable();
        rows.rest(rows.count(each -> Words.of(each.state())), out);
    }

    private static void order(Picture picture, OrderStatus each, Html out) {
        out.row(each.name()).cell(Words.of(each.state()));
        out.cell(
                each.next()
                        .map(then -> Duration.between(picture.status().at(), then))
                        .map(Words::span)
                        .orElse("-"));
        out.why(each.lastFailure().map(why -> "failed: " + why).orElse(each.why())).endRow();
    }
}
