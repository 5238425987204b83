package buoy.lb.http.head;

import buoy.config.model.Template;
import buoy.config.model.Template.Variable;

/**
 * What a request puts in the place of a template's variables. No value can end a line: what a head
 * has in its request line and Host was read strictly, the rest is our own.
 */
public final class Variables {
    private Variables() {}

    public static String filledIn(
            Template template, RequestHead head, ClientFacts client, RequestId id) {
        StringBuilder text = new StringBuilder();
        for (Template.Part part : template.parts()) {
            switch (part) {
                case Template.Literal(String literal) -> text.append(literal);
                case Variable variable -> text.append(value(variable, head, client, id));
            }
        }
        return text.toString();
    }

    private static String value(
            Variable variable, RequestHead head, ClientFacts client, RequestId id) {
        return switch (variable) {
            case HOST -> host(head.hostText());
            case PATH -> path(head.text(head.pathStart(), head.pathEnd()));
            case QUERY ->
                    head.text(Math.min(head.pathEnd() + 1, head.targetEnd()), head.targetEnd());
            case URI ->
                    path(head.text(head.pathStart(), head.pathEnd()))
                            + head.text(head.pathEnd(), head.targetEnd());
            case METHOD -> head.methodText();
            case SCHEME -> client.secure() ? "https" : "http";
            case PORT -> Integer.toString(client.port());
            case REQUEST_ID -> id.text();
            case CLIENT_ADDRESS -> ClientFacts.text(Asker.of(head, client));
        };
    }

    private static String host(String authority) {
        int port = authority.lastIndexOf(':');
        return port > authority.lastIndexOf(']') ? authority.substring(0, port) : authority;
    }

    /** That of an absolute form without one, and of {@code OPTIONS *}, is the root. */
    private static String path(String received) {
        return received.startsWith("/") ? received : "/";
    }
}
