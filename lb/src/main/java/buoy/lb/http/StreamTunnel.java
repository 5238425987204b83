package buoy.lb.http;

import buoy.lb.pool.Busy;
import buoy.lb.pool.Doing;
import buoy.lb.pool.Reason;
import buoy.lb.worker.Deadlines.Deadline;
import io.netty.buffer.ByteBuf;
import java.time.Duration;

/**
 * A WebSocket that runs on a stream of HTTP/2 (RFC 8441) at the client's end, the server's, or
 * both: bytes pass as they are. What one peer says last is passed on, and the other may go on until
 * it ends too, where its connection has such a half-close.
 */
final class StreamTunnel implements Busy {
    private final Workshop shop;
    private final TunnelAccounts accounts;
    private final long silenceNanos;
    private final Side client;
    private final Side server;
    private final Deadline deadline = new Deadline(this::silent);
    private long fromClient;
    private long toClient;
    private boolean over;

    StreamTunnel(
            Workshop shop,
            TunnelAccounts accounts,
            Duration silence,
            TunnelEnd client,
            TunnelEnd server) {
        this.shop = shop;
        this.accounts = accounts;
        this.silenceNanos = silence.toNanos();
        this.client = new Side(client, true);
        this.server = new Side(server, false);
    }

    /** Begins to pass bytes, behind the answer that was written to the client. */
    void start() {
        accounts.begin(this);
        shop.expire(deadline, silenceNanos);
        client.own.joined(client);
        server.own.joined(server);
    }

    /** One peer and what it has done. */
    final class Side {
        private final TunnelEnd own;
        private final boolean isClient;

        /** Its peer says no more. */
        private boolean ended;

        /** Its peer knows that the other says no more. */
        private boolean told;

        private Side(TunnelEnd own, boolean isClient) {
            this.own = own;
            this.isClient = isClient;
        }

        private Side other() {
            return isClient ? server : client;
        }

        /** What its peer says; taken over. */
        void came(ByteBuf bytes) {
            if (over) {
                bytes.release();
                return;
            }
            int n = bytes.readableBytes();
            if (isClient) {
                fromClient += n;
                accounts.fromClient(n);
            } else {
                toClient += n;
                accounts.toClient(n);
            }
            shop.expire(deadline, silenceNanos);
            other().own.write(bytes);
        }

        /** A batch of reads is over. False if the other end cannot take more for now. */
        boolean batchRead() {
            if (over) {
                return true;
            }
            other().own.flush();
            return other().own.isWritable();
        }

        /** Its peer takes more, or less. */
        void canTakeMore() {
            if (!over && own.isWritable()) {
                other().own.resumeReading();
            }
        }

        /** Its peer says no more. */
        void ended() {
            if (!over && !ended) {
                ended = true;
                other().own.endOutput(other()::told);
            }
        }

        private void told() {
            told = true;
            if (!over && (other().told || !own.halfCloses())) {
                finish();
            }
        }

        /**
         * Its peer, which has ended, hears no more; the other is still to hear all that it said.
         */
        void left() {
            if (!over) {
                // It may have been held up by the one that is gone.
                other().own.resumeReading();
                told();
            }
        }

        /** Its peer says no more, and hears no more. */
        void endedForBoth() {
            if (!over) {
                ended = true;
                finish();
            }
        }

        void cut(Reason reason) {
            fail(reason);
        }

        Doing doing() {
            return StreamTunnel.this.doing();
        }

        /**
         * Its peer is gone. That is no loss once both have said their end, or where a peer that has
         * said its own reads no more.
         */
        void lost(Reason reason) {
            if (over) {
                return;
            }
            if (ended && other().ended) {
                told();
            } else if (ended && other().told && !own.halfCloses()) {
                finish();
            } else {
                fail(reason);
            }
        }
    }

    // ---- the end ----

    private void silent() {
        fail(Reason.TUNNEL_TIMEOUT);
    }

    @Override
    public Doing doing() {
        return Doing.of(Doing.State.TUNNEL, accounts.server()).plus(fromClient, toClient);
    }

    @Override
    public void cut(Reason reason) {
        fail(reason);
    }

    private void finish() {
        leave();
        accounts.finished(this, fromClient, toClient);
        client.own.close();
        server.own.close();
    }

    private void fail(Reason reason) {
        if (!over) {
            leave();
            accounts.failed(this, reason, fromClient, toClient);
            client.own.abort();
            server.own.abort();
        }
    }

    private void leave() {
        over = true;
        shop.off(deadline);
    }
}
