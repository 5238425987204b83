package buoy.lb.postgres;

import buoy.lb.pool.Opening;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.socket.DuplexChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A client's way into a session, as far as it can be begun anew with another server without the
 * client's seeing it: as long as nothing has reached the client that one server alone stands by.
 *
 * <pre>
 *  client                     Login                      server
 *    | StartupMessage           | StartupMessage            |
 *    |------------------------> |-------------------------> |    to each server tried
 *    | request                  | request                   |    SASL, cleartext: the client has it
 *    | &lt;----------------------- | &lt;------------------------ |    once; other servers must ask the
 *    | SASLInitialResponse,     |                           |    same, to the octet
 *    |------------------------> |-------------------------> |
 *    |  or PasswordMessage      | AuthenticationSASLContinue|
 *    | &lt;======================= | &lt;======================== |    the first that is bound to it:
 *    |                          |  or ReadyForQuery         |    from here on a relay
 * </pre>
 *
 * <p>Requests that are bound to their server from the start, as MD5's with its salt, are a relay's
 * at once. All on the client's worker.
 */
final class Login {
    /** PostgreSQL's own bound for a message of SASL, PG_MAX_SASL_MESSAGE_LENGTH; with its head. */
    private static final int LONGEST = 1024;

    /**
     * What SCRAM's first message says is the client's alone (RFC 5802 5.1); of others we know not.
     */
    private static final byte[] SCRAM = "SCRAM-".getBytes(StandardCharsets.US_ASCII);

    /**
     * Servers that are told an answer before the client hears that none has a session for it: it
     * may be the answer that ends them, and a password said again and again locks its owner out.
     */
    private static final int SERVERS_FOR_AN_ANSWER = 3;

    private final DuplexChannel client;
    private final byte[] hello;
    private final Runnable parted;
    private @Nullable FirstAnswer with;

    /** What servers asked, up to the end of the request, and the client has. */
    private byte @Nullable [] request;

    private long asked;

    /** What the client answered. */
    private byte @Nullable [] answer;

    private int told;

    /** What the client says next is nobody's but the next server's. */
    private boolean unread;

    private boolean hasParted;

    /**
     * @param hello the StartupMessage
     * @param ahead whether the client has said more than that, unasked
     * @param parted told when no other server can go on from where the client is
     */
    Login(DuplexChannel client, byte[] hello, boolean ahead, Runnable parted) {
        this.client = client;
        this.hello = hello;
        this.unread = ahead;
        this.parted = parted;
    }

    /** Begins with a server, the first or another. */
    void begin(Opening.Fresh fresh, Opening.Opened opened) {
        with = FirstAnswer.ask(fresh, this, hello, opened);
    }

    /** Whether the client was asked for something already. */
    boolean wasAsked() {
        return request != null;
    }

    /** Whether the client got no session because no other server could go on from where it was. */
    boolean hasParted() {
        return hasParted;
    }

    /** A server has asked. */
    void asked(FirstAnswer by, byte[] asks) {
        byte[] before = request;
        if (before == null) {
            request = asks;
            asked = System.nanoTime();
            var _ = client.writeAndFlush(Unpooled.wrappedBuffer(asks));
        } else if (!Arrays.equals(before, asks)) {
            partWays(by);
            return;
        }
        byte[] said = answer;
        Duration left = by.patience().minusNanos(System.nanoTime() - asked);
        if (said != null) {
            told++;
            by.answer(said);
        } else if (unread || !left.isPositive()) {
            by.open();
        } else {
            by.awaitClient(left);
            client.read();
        }
    }

    /** A server asks for what the client cannot give any more. */
    void partWays(FirstAnswer from) {
        // In this order: the dial hears of the end when it looks for nobody any more.
        end();
        from.giveUp();
    }

    /** No other server is told what the client said. */
    void end() {
        hasParted = true;
        parted.run();
    }

    boolean mayAnswerAgain() {
        return told < SERVERS_FOR_AN_ANSWER;
    }

    /**
     * The client has sent something.
     *
     * @return how many octets of it this has taken
     */
    int arrived(ByteBuf early) {
        byte[] asks = request;
        if (asks == null || answer != null || unread) {
            return 0;
        }
        int length = repeatable(early, asks);
        if (length > early.readableBytes()) {
            client.read();
            return 0;
        }
        FirstAnswer now = with;
        if (length == 0) {
            unread = true;
            if (now != null && now.hasAsked()) {
                now.open();
            }
            return 0;
        }
        byte[] said = new byte[length];
        early.getBytes(early.readerIndex(), said);
        answer = said;
        told = 1;
        if (now != null && now.hasAsked()) {
            now.answer(said);
        }
        return length;
    }

    /**
     * How long the message is that can be said to any server that asks this; more than there is if
     * that is not known yet; zero if it is none.
     */
    private static int repeatable(ByteBuf bytes, byte[] asks) {
        if (bytes.getByte(bytes.readerIndex()) != 'p') {
            return 0;
        }
        if (bytes.readableBytes() < Word.HEAD) {
            return Word.HEAD;
        }
        int length = 1 + bytes.getInt(bytes.readerIndex() + 1);
        if (length < Word.HEAD || length > LONGEST) {
            return 0;
        }
        if (bytes.readableBytes() < length || isCleartext(asks)) {
            return length;
        }
        byte[] mechanism = new byte[Math.min(SCRAM.length, length - Word.HEAD)];
        bytes.getBytes(bytes.readerIndex() + Word.HEAD, mechanism);
        return Arrays.equals(mechanism, SCRAM) ? length : 0;
    }

    /** The last of its octets are the request's kind, where it is not SASL's list. */
    private static boolean isCleartext(byte[] asks) {
        return asks[asks.length - 1] == Word.CLEARTEXT_PASSWORD;
    }

    /**
     * The client has said its end: as psql does, which asks for its password then and comes again.
     *
     * @return whether a server is there to be told so
     */
    boolean clientEnds() {
        FirstAnswer now = with;
        if (now == null || !now.hasAsked()) {
            return false;
        }
        unread = true;
        now.open();
        return true;
    }

    /** The rest passes: what was held back first. Nothing is kept that the client said. */
    void over() {
        FirstAnswer last = with;
        with = null;
        request = null;
        answer = null;
        if (last != null) {
            last.letGo();
        }
    }
}
