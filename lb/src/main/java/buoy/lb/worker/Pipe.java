package buoy.lb.worker;

import io.netty.channel.epoll.Native;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;

/**
 * A pipe of the kernel's: what it holds goes from socket to socket without a copy (splice(2)).
 * Netty's own {@code spliceTo} is not used: it takes the end of input for an empty socket, reports
 * it before the last bytes have passed, and keeps a pipe for as long as the connection lives.
 */
public final class Pipe {
    private final FileDescriptor out;
    private final FileDescriptor in;
    private int held;

    Pipe() throws IOException {
        FileDescriptor[] ends = FileDescriptor.pipe();
        out = ends[0];
        in = ends[1];
    }

    /** Bytes in it. */
    public int held() {
        return held;
    }

    /**
     * Takes what a socket has.
     *
     * @return bytes; 0 if there is nothing for now, or no more at all
     * @throws IOException that of the socket, which forgets it with that
     */
    public int fill(Socket from, int most) throws IOException {
        int bytes = Native.splice(from.intValue(), -1, in.intValue(), -1, most);
        held += bytes;
        return bytes;
    }

    /**
     * Gives a socket what is there.
     *
     * @return bytes; less than there were if it takes no more for now
     */
    public int drain(Socket to) throws IOException {
        int bytes = Native.splice(out.intValue(), -1, to.intValue(), -1, held);
        held -= bytes;
        return bytes;
    }

    void close() {
        for (FileDescriptor end : new FileDescriptor[] {out, in}) {
            try {
                end.close();
            } catch (IOException _) {
                // The descriptor is gone either way (close(2)).
            }
        }
    }
}
