package buoy.lb.relay;

import buoy.lb.worker.Pipe;
import buoy.lb.worker.Pipes;
import io.netty.channel.FileRegion;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AbstractReferenceCounted;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way from one TCP connection to another through pipes of the kernel. What the other takes no
 * more for now stays in its pipe and is written by Netty in its turn, behind what waits already and
 * before whatever comes later.
 */
final class Splice {
    /** A pipe holds less, but for it the socket decides. */
    private static final int MOST = 1 << 20;

    /** Other connections get their turn in between. */
    private static final int ROUNDS = 4;

    private final Socket from;
    private final EpollSocketChannel channel;
    private final Socket to;
    private final Pipes pipes;

    private Splice(EpollSocketChannel from, EpollSocketChannel to, Pipes pipes) {
        this.from = (Socket) from.fd();
        this.channel = to;
        this.to = (Socket) to.fd();
        this.pipes = pipes;
    }

    /** Where nothing stands between both sockets that has to see the bytes. */
    static Optional<Splice> between(Side side, Pipes pipes) {
        return side.own() instanceof EpollSocketChannel from
                        && side.other() instanceof EpollSocketChannel to
                        && from.pipeline().first() == side
                        && to.pipeline().get(SslHandler.class) == null
                ? Optional.of(new Splice(from, to, pipes))
                : Optional.empty();
    }

    /** What came of it. */
    sealed interface Moved {
        /** So many bytes are with the other side's kernel. */
        record All(int bytes) implements Moved {}

        /** So many are on their way; the other side takes no more until they are through. */
        record Blocked(int bytes) implements Moved {}

        /** The connection that was read from is broken, and would tell nobody again. */
        record Broken(int bytes, IOException why) implements Moved {}
    }

    /**
     * Moves what is there. Nothing may wait to be written on the other side.
     *
     * @param through run when what was blocked is through, or lost
     */
    Moved move(Runnable through) {
        Pipe pipe = pipes.take();
        if (pipe == null) {
            return new Moved.All(0);
        }
        int bytes = 0;
        for (int round = 0; round < ROUNDS; round++) {
            int more;
            try {
                more = pipe.fill(from, MOST);
            } catch (IOException why) {
                pipes.give(pipe);
                return new Moved.Broken(bytes, why);
            }
            if (more == 0) {
                break;
            }
            bytes += more;
            if (!isDrained(pipe)) {
                block(pipe, through);
                return new Moved.Blocked(bytes);
            }
        }
        pipes.give(pipe);
        return new Moved.All(bytes);
    }

    private boolean isDrained(Pipe pipe) {
        try {
            pipe.drain(to);
        } catch (IOException _) {
            // Netty's own attempt will meet the same error, and close the channel for it.
        }
        return pipe.held() == 0;
    }

    private void block(Pipe pipe, Runnable through) {
        channel.writeAndFlush(new Rest(pipe))
                .addListener(
                        written -> {
                            if (!written.isSuccess()) {
                                // Later: whoever hears it closes the side that is being read.
                                channel.eventLoop()
                                        .execute(
                                                () ->
                                                        channel.pipeline()
                                                                .fireExceptionCaught(
                                                                        written.cause()));
                            }
                            through.run();
                        });
    }

    /** What is left in a pipe, as something that Netty writes. */
    private final class Rest extends AbstractReferenceCounted implements FileRegion {
        private final Pipe pipe;
        private final int count;

        Rest(Pipe pipe) {
            this.pipe = pipe;
            this.count = pipe.held();
        }

        @Override
        public long position() {
            return 0;
        }

        @Override
        @SuppressWarnings("deprecation") // Netty wants it
        public long transfered() {
            return transferred();
        }

        @Override
        public long transferred() {
            return (long) count - pipe.held();
        }

        @Override
        public long count() {
            return count;
        }

        @Override
        public long transferTo(WritableByteChannel unused, long position) throws IOException {
            return pipe.drain(to);
        }

        @Override
        protected void deallocate() {
            pipes.give(pipe);
        }

        @Override
        public FileRegion retain() {
            super.retain();
            return this;
        }

        @Override
        public FileRegion retain(int increment) {
            super.retain(increment);
            return this;
        }

        @Override
        public FileRegion touch() {
            return this;
        }

        @Override
        public FileRegion touch(@Nullable Object hint) {
            return this;
        }
    }
}
