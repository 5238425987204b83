package buoy.lb.postgres;

import buoy.lb.pool.Opening;
import buoy.lb.pool.Reason;
import io.netty.buffer.Unpooled;

/**
 * Asks a server for TLS on a client's behalf. What it answers is the client's, and is held back
 * until the relay runs; unless there is none: then the client is to go on in clear, and be read.
 */
final class TlsAnswer extends Awaited {
    private byte said;

    private TlsAnswer(Opening.Fresh fresh, Opening.Opened opened) {
        super(fresh, opened, fresh.left(), Reason.CONNECT_TIMEOUT);
    }

    static TlsAnswer ask(Opening.Fresh fresh, Opening.Opened opened) {
        TlsAnswer answer = new TlsAnswer(fresh, opened);
        answer.await(Unpooled.wrappedBuffer(Startup.sslRequest()));
        return answer;
    }

    /** Whether it has come. */
    boolean isHeard() {
        return said != 0;
    }

    /** Whether the server has said that it speaks TLS. */
    boolean isTls() {
        return said == Startup.withTls()[0];
    }

    /** Whether the server has said that it speaks no TLS. */
    boolean isNone() {
        return said == Startup.withoutEncryption()[0];
    }

    /** The client has had that byte, and is given what follows. */
    void skip() {
        gathered().skipBytes(1);
    }

    @Override
    void arrived() {
        said = gathered().getByte(gathered().readerIndex());
        satisfied();
        opened.opened();
    }
}
