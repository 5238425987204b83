package buoy.lb.postgres;

import buoy.lb.pool.Opening;
import buoy.lb.pool.Reason;
import io.netty.buffer.Unpooled;
import java.time.Duration;

/**
 * One server's part of a {@link Login}: is told who comes, then what the client answers to its
 * request, and what it says itself is held back until it is the client's. Unlike the login it is
 * over when the server is lost.
 */
final class FirstAnswer extends Awaited {
    private final Login login;

    /**
     * A server that is lost later than this after the client's answer was at work on it: it may be
     * the directory behind it that hangs, and another would ask the same one again.
     */
    private static final Duration SOON = Duration.ofSeconds(5);

    private boolean asked;
    private boolean answered;
    private long answeredAt;

    private FirstAnswer(Opening.Fresh fresh, Login login, Opening.Opened opened) {
        super(fresh, opened, fresh.response(), Reason.RESPONSE_TIMEOUT);
        this.login = login;
    }

    /**
     * @param hello the StartupMessage
     */
    static FirstAnswer ask(Opening.Fresh fresh, Login login, byte[] hello, Opening.Opened opened) {
        FirstAnswer answer = new FirstAnswer(fresh, login, opened);
        answer.await(Unpooled.wrappedBuffer(hello));
        return answer;
    }

    @Override
    void arrived() {
        Word word = Word.read(gathered(), answered);
        switch (word) {
            case Word.More() -> {}
            case Word.Asks(int length) -> {
                byte[] request = new byte[length];
                gathered().readBytes(request);
                asked = true;
                opened.answered();
                login.asked(this, request);
                if (!isOver() && gathered().isReadable()) {
                    arrived();
                }
            }
            case Word.NoSession(Reason reason) -> {
                leave();
                opened.failed(reason);
            }
            case Word.Refuses() -> open();
            case Word.Between() -> {
                if (asked || !login.wasAsked()) {
                    open();
                } else {
                    login.partWays(this);
                }
            }
        }
    }

    /** Whether it is there, and has asked the client for something. */
    boolean hasAsked() {
        return asked && !isOver();
    }

    /** The client's answer to its request. */
    void answer(byte[] said) {
        answered = true;
        answeredAt = System.nanoTime();
        say(Unpooled.wrappedBuffer(said));
    }

    /** The client's answer is waited for so long; then it is between the two. */
    void awaitClient(Duration most) {
        within(most, this::open);
    }

    /** How long the client's answer is waited for. */
    Duration patience() {
        return fresh.response();
    }

    /** The rest is between client and server. */
    void open() {
        if (!isOver()) {
            satisfied();
            opened.opened();
        }
    }

    /** Whatever it has to say is of no use. */
    void giveUp() {
        leave();
        opened.failed(Reason.SERVER_DOWN);
    }

    @Override
    void lost(Reason reason) {
        boolean late = answered && System.nanoTime() - answeredAt > SOON.toNanos();
        if (late || (answered && !login.mayAnswerAgain())) {
            login.end();
        }
        // It may be of what the client said, or did not say.
        if (asked && reason == Reason.SERVER_CLOSED) {
            opened.ended(reason);
        } else {
            opened.failed(reason);
        }
    }
}
