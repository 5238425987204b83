package buoy.daemon.page;

/**
 * What the buttons need, outside of the parts that are replaced: the one form that they send, which
 * has the token, where a question is asked, and where is said what came of it.
 */
final class ActionForms {
    private ActionForms() {}

    static void write(String token, Html out) {
        out.raw("<form id=\"act\" method=\"post\"><input type=\"hidden\" name=\"token\" value=\"");
        out.text(token).raw("\"></form>\n");
        out.raw(
                """
                <div id="said"><p role="status"></p><button type="button" aria-label="Dismiss">&#215;</button></div>
                <dialog id="ask" aria-labelledby="question"><form method="dialog">
                <p id="question"></p>
                <label>Weight <input type="number" min="0" max="256" required></label>
                <p><button value="yes"></button> <button type="button" value="">Cancel</button></p>
                </form></dialog>
                """);
    }
}
