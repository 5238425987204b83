package buoy.lb.postgres;

import buoy.lb.pool.Doing;
import buoy.lb.pool.Opening;
import buoy.lb.pool.Reason;
import buoy.lb.pool.Server;
import buoy.lb.relay.Session;
import buoy.lb.worker.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.socket.DuplexChannel;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How a session is a PostgreSQL one. */
sealed interface Manner extends Session.Manner {
    Worker worker();

    /** What the client said last. */
    Startup begun();

    @Override
    default void refuse(DuplexChannel client, Reason reason) {
        TurnedAway.answer(worker(), client, begun(), Refusal.noServer(reason));
    }

    /** A client that hangs up has no use for an answer. */
    @Override
    default boolean endsFirst() {
        return false;
    }

    /** Encryption is agreed on between client and server: what they say is theirs alone. */
    record Passing(Worker worker, Startup begun) implements Manner {
        @Override
        public Opening opening() {
            return (_, opened) -> opened.opened();
        }
    }

    /** The client has asked for TLS, and so is the server. */
    final class Asking implements Manner, Opening {
        private final Worker worker;
        private final Consumer<Boolean> heard;
        private final Runnable none;
        private final Runnable broken;
        private @Nullable TlsAnswer answer;
        private boolean promised;

        /**
         * @param heard told whether a server speaks TLS
         * @param none run when the server speaks no TLS; the session is over then
         * @param broken run instead when TLS was promised
         */
        Asking(Worker worker, Consumer<Boolean> heard, Runnable none, Runnable broken) {
            this.worker = worker;
            this.heard = heard;
            this.none = none;
            this.broken = broken;
        }

        /**
         * Tells the client before any server does that there is TLS. If that is not so after all,
         * the session is over: the client is told the truth when it comes again.
         */
        void promise(DuplexChannel client) {
            TlsAnswer asked = answer;
            if (!promised && (asked == null || !asked.isHeard())) {
                promised = true;
                var _ = client.writeAndFlush(Unpooled.wrappedBuffer(Startup.withTls()));
            }
        }

        @Override
        public void refuse(DuplexChannel client, Reason reason) {
            if (promised) {
                // It waits for a handshake, and would not understand anything else.
                var _ = client.close();
            } else {
                Manner.super.refuse(client, reason);
            }
        }

        @Override
        public Worker worker() {
            return worker;
        }

        @Override
        public Startup begun() {
            return new Startup.WantsTls();
        }

        @Override
        public Opening opening() {
            return this;
        }

        @Override
        public void open(Fresh fresh, Opened opened) {
            answer =
                    TlsAnswer.ask(
                            fresh,
                            new Opened() {
                                @Override
                                public void opened() {
                                    told(opened);
                                }

                                @Override
                                public void failed(Reason reason) {
                                    opened.failed(reason);
                                }
                            });
        }

        private void told(Opened opened) {
            TlsAnswer said = answer;
            if (said != null && (said.isTls() || said.isNone())) {
                heard.accept(said.isTls());
            }
            opened.opened();
        }

        @Override
        public boolean wants() {
            TlsAnswer said = answer;
            return said != null && (promised ? said.isTls() : !said.isNone());
        }

        @Override
        public void dissolved(@Nullable ByteBuf early) {
            if (early != null) {
                // Sent behind the request, before its answer.
                early.release();
            }
            if (promised) {
                broken.run();
            } else {
                none.run();
            }
        }

        @Override
        public void relaying() {
            TlsAnswer held = answer;
            if (held != null) {
                answer = null;
                if (promised) {
                    held.skip();
                }
                held.letGo();
            }
        }
    }

    /**
     * The client's StartupMessage was read: it can be said to one server after the other, until one
     * has a session to give, and so can more of the {@link Login}.
     */
    final class Read implements Manner, Opening {
        private final Worker worker;
        private final Startup.Hello begun;
        private final Login login;
        private final Cancels cancels;

        /** While the session starts. */
        private @Nullable KeyWatch watch;

        Read(Worker worker, Startup.Hello begun, Login login, Cancels cancels) {
            this.worker = worker;
            this.begun = begun;
            this.login = login;
            this.cancels = cancels;
        }

        @Override
        public Worker worker() {
            return worker;
        }

        @Override
        public Startup begun() {
            return begun;
        }

        @Override
        public void refuse(DuplexChannel client, Reason reason) {
            if (login.hasParted()) {
                TurnedAway.answer(worker, client, begun, Refusal.parted(reason));
            } else {
                Manner.super.refuse(client, reason);
            }
        }

        @Override
        public Opening opening() {
            return this;
        }

        @Override
        public void open(Fresh fresh, Opened opened) {
            Encryption.secure(
                    fresh,
                    new Opened() {
                        @Override
                        public void opened() {
                            login.begin(fresh, opened);
                        }

                        @Override
                        public void failed(Reason reason) {
                            opened.failed(reason);
                        }
                    });
        }

        @Override
        public int arrived(ByteBuf early) {
            return login.arrived(early);
        }

        @Override
        public boolean endsFirst() {
            return login.clientEnds();
        }

        @Override
        public void joined(Server server, DuplexChannel channel, Runnable ready) {
            KeyWatch watching = new KeyWatch(cancels, server, ready);
            watch = watching;
            channel.pipeline().addLast(watching);
        }

        /**
         * A proof may be on its way, as an answer to what this one server asked: no other server
         * can go on from there. But the client can be told, and knows what to do.
         */
        @Override
        public Optional<byte[]> lastWord(Reason reason) {
            KeyWatch begins = watch;
            return begins == null || begins.takesError()
                    ? Optional.of(Refusal.begun(reason).message())
                    : Optional.empty();
        }

        @Override
        public Doing tell(Doing doing) {
            return settled().tell(doing);
        }

        @Override
        public void relaying() {
            login.over();
        }

        @Override
        public Session.Manner settled() {
            return Started.of(begun.parameters());
        }
    }

    /** Of a session that has started all that is kept is whose it is. */
    record Started(String user, String database) implements Session.Manner {
        /** Both have one name where the client gave only one. */
        static Started of(StartupParameters parameters) {
            String user = parameters.user();
            String database = parameters.database();
            return new Started(user, database.equals(user) ? user : database);
        }

        @Override
        public void refuse(DuplexChannel client, Reason reason) {
            throw new IllegalStateException("a session that has started has a server");
        }

        @Override
        public Opening opening() {
            throw new IllegalStateException("a session that has started has a connection");
        }

        @Override
        public Doing tell(Doing doing) {
            return doing.said(Optional.of(user), Optional.of(database));
        }
    }
}
