package buoy.lb.postgres;

import buoy.lb.pool.Opening;
import buoy.lb.pool.Reason;
import buoy.lb.pool.Server;
import buoy.lb.relay.Session;
import buoy.lb.worker.Worker;
import io.netty.channel.socket.SocketChannel;
import org.jspecify.annotations.Nullable;

/** How a session is a PostgreSQL one. */
sealed interface Manner extends Session.Manner {
    Worker worker();

    /** What the client said last. */
    Startup begun();

    @Override
    default void refuse(SocketChannel client, Reason reason) {
        TurnedAway.answer(worker(), client, begun(), Refusal.noServer(reason));
    }

    /** A client that hangs up has no use for an answer. */
    @Override
    default boolean mayEndFirst() {
        return false;
    }

    /** Encryption is agreed on between client and server: what they say is theirs alone. */
    record Passing(Worker worker, Startup begun) implements Manner {
        @Override
        public Opening opening() {
            return (_, opened) -> opened.opened();
        }
    }

    /**
     * The client's StartupMessage was read: it can be said to one server after the other, until one
     * has a session to give.
     */
    final class Read implements Manner, Opening {
        private final Worker worker;
        private final Startup begun;
        private final byte[] hello;
        private final Cancels cancels;
        private @Nullable FirstAnswer answer;

        /**
         * @param hello the message as it came
         */
        Read(Worker worker, Startup begun, byte[] hello, Cancels cancels) {
            this.worker = worker;
            this.begun = begun;
            this.hello = hello;
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
                            answer = FirstAnswer.ask(fresh, hello, opened);
                        }

                        @Override
                        public void failed(Reason reason) {
                            opened.failed(reason);
                        }
                    });
        }

        @Override
        public void joined(Server server, SocketChannel channel) {
            channel.pipeline().addLast(new KeyWatch(cancels, server));
        }

        @Override
        public void relaying() {
            FirstAnswer held = answer;
            if (held != null) {
                answer = null;
                held.letGo();
            }
        }
    }
}
