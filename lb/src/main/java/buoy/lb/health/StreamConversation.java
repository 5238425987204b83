// Longer than 200 lines: one connection of HTTP/2 with one stream at a time, and its few frames.
package buoy.lb.health;

import buoy.lb.http.h2.RequestBlock;
import buoy.lb.http.head.Output;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 request (RFC 9113) after the other to one port of a server, on one connection where
 * the server keeps it: within TLS, where h2 has to be agreed, or in clear.
 */
final class StreamConversation implements AutoCloseable {
    /**
     * What came.
     *
     * @param content octets
     * @param grpcStatus of the trailers, or of the head where it is all; empty without one
     */
    @SuppressWarnings("ArrayRecordComponent") // compared with nothing
    record Reply(int status, byte[] content, String grpcStatus) {}

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;

    private static final int END_STREAM = 0x1;
    private static final int ACK = 0x1;
    private static final int END_HEADERS = 0x4;
    private static final int PADDED = 0x8;
    private static final int PRIORITY = 0x20;

    /** RFC 9113 4.2: what a peer may send to who has not said otherwise. */
    private static final int MOST_FRAME = 16_384;

    /** Of an answer's fields, and of its content. */
    private static final int MOST = 64 * 1024;

    private static final int MOST_FRAMES = 1000;

    /** Our settings: no pushes (RFC 9113 6.5.2). */
    private static final byte[] NO_PUSH = {0, 2, 0, 0, 0, 0};

    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Door door;
    private final int port;
    private Door.@Nullable Terms terms;
    private @Nullable Connection kept;

    StreamConversation(Door door, int port) {
        this.door = door;
        this.port = port;
    }

    /** The port asked, as a host field has it. */
    String host() {
        return door.server().authority(port);
    }

    /**
     * Asks.
     *
     * @param head as HTTP/1.1 has it, request line to empty line
     * @param content may be empty
     */
    Reply ask(String head, byte[] content, Patience patience) throws IOException {
        Door.Terms now = door.terms();
        Connection before = kept;
        if (before != null) {
            kept = null;
            try {
                if (now.equals(terms)) {
                    return exchange(before, head, content, patience);
                }
            } catch (IOException _) {
                // It was closed in between, most likely; whether the server works a new one tells.
            }
            before.close();
        }
        terms = now;
        Socket socket = door.http2(port, patience);
        try {
            return exchange(new Connection(socket), head, content, patience);
        } catch (IOException refusal) {
            socket.close();
            throw refusal;
        }
    }

    private Reply exchange(Connection with, String head, byte[] content, Patience patience)
            throws IOException {
        Reply reply = with.exchange(head, content, patience);
        if (!with.goesAway) {
            kept = with;
        } else {
            with.close();
        }
        return reply;
    }

    @Override
    public void close() {
        Connection open = kept;
        if (open != null) {
            kept = null;
            open.close();
        }
    }

    private static final class Connection {
        private final Socket socket;
        private final DefaultHttp2HeadersDecoder decoder =
                new DefaultHttp2HeadersDecoder(false, MOST);
        private final boolean https;
        private int stream = -1;
        private boolean goesAway;

        Connection(Socket socket) throws IOException {
            this.socket = socket;
            this.https = socket instanceof javax.net.ssl.SSLSocket;
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(PREFACE);
            frame(out, SETTINGS, 0, 0, NO_PUSH);
            socket.getOutputStream().write(out.toByteArray());
        }

        void close() {
            Quietly.close(socket);
        }

        Reply exchange(String head, byte[] content, Patience patience) throws IOException {
            stream += 2;
            byte[] text = head.getBytes(StandardCharsets.ISO_8859_1);
            Output block = new Output(256);
            RequestBlock.head(text, text.length, https, block);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            boolean alone = content.length == 0;
            frame(
                    out,
                    HEADERS,
                    END_HEADERS | (alone ? END_STREAM : 0),
                    stream,
                    Arrays.copyOf(block.bytes(), block.length()));
            if (!alone) {
                frame(out, DATA, END_STREAM, stream, content);
            }
            socket.getOutputStream().write(out.toByteArray());
            return read(patience);
        }

        private Reply read(Patience patience) throws IOException {
            int status = 0;
            String grpcStatus = "";
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            for (int frames = 0; frames < MOST_FRAMES; frames++) {
                byte[] header = octets(9, patience);
                int length =
                        ((header[0] & 0xff) << 16) | ((header[1] & 0xff) << 8) | (header[2] & 0xff);
                if (length > MOST_FRAME) {
                    throw new IOException("the server speaks no HTTP/2");
                }
                int type = header[3];
                int flags = header[4];
                int id = number(header, 5) & Integer.MAX_VALUE;
                byte[] payload = octets(length, patience);
                switch (type) {
                    case HEADERS -> {
                        Http2Headers fields = fields(payload, flags, patience);
                        if (id != stream) {
                            throw new IOException("an answer to nothing that was asked");
                        }
                        CharSequence code = fields.status();
                        if (code != null) {
                            status = status(code);
                        }
                        CharSequence said = fields.get("grpc-status");
                        if (said != null) {
                            grpcStatus = said.toString();
                        }
                    }
                    case DATA -> {
                        byte[] data = unpadded(payload, flags, 0);
                        if (id == stream) {
                            content.writeBytes(data);
                        }
                        if (content.size() > MOST) {
                            throw new IOException("answer over 64 KiB");
                        }
                        if (length > 0) {
                            send(WINDOW_UPDATE, 0, 0, octets(length));
                            if ((flags & END_STREAM) == 0) {
                                send(WINDOW_UPDATE, 0, id, octets(length));
                            }
                        }
                    }
                    case RST_STREAM -> {
                        if (id == stream) {
                            throw new IOException("the server reset the stream");
                        }
                    }
                    case SETTINGS -> {
                        if ((flags & ACK) == 0) {
                            send(SETTINGS, ACK, 0, new byte[0]);
                        }
                    }
                    case PING -> {
                        if ((flags & ACK) == 0) {
                            send(PING, ACK, 0, payload);
                        }
                    }
                    case GOAWAY -> {
                        goesAway = true;
                        if (length < 8 || (number(payload, 0) & Integer.MAX_VALUE) < stream) {
                            throw new IOException("the server closes its connections");
                        }
                    }
                    default -> {}
                }
                boolean ends = (flags & END_STREAM) != 0 && (type == HEADERS || type == DATA);
                if (ends && id == stream) {
                    if (status < 200) {
                        throw new IOException("an answer without a status");
                    }
                    return new Reply(status, content.toByteArray(), grpcStatus);
                }
            }
            throw new IOException("an answer of too many frames");
        }

        private static int status(CharSequence code) throws IOException {
            if (!code.toString().matches("[1-9][0-9][0-9]")) {
                throw new IOException("an answer without a status");
            }
            return Integer.parseInt(code.toString());
        }

        /** The fields of a block, which may go on in further frames (RFC 9113 6.10). */
        private Http2Headers fields(byte[] first, int flags, Patience patience) throws IOException {
            ByteBuf block =
                    Unpooled.buffer()
                            .writeBytes(unpadded(first, flags, (flags & PRIORITY) != 0 ? 5 : 0));
            boolean ends = (flags & END_HEADERS) != 0;
            while (!ends) {
                byte[] header = octets(9, patience);
                int length =
                        ((header[0] & 0xff) << 16) | ((header[1] & 0xff) << 8) | (header[2] & 0xff);
                if (header[3] != CONTINUATION || block.readableBytes() + length > MOST) {
                    throw new IOException("the server speaks no HTTP/2");
                }
                block.writeBytes(octets(length, patience));
                ends = (header[4] & END_HEADERS) != 0;
            }
            try {
                return decoder.decodeHeaders(stream, block);
            } catch (Http2Exception malformed) {
                throw new IOException("malformed fields", malformed);
            }
        }

        private static byte[] unpadded(byte[] payload, int flags, int skip) throws IOException {
            int from = skip;
            int to = payload.length;
            if ((flags & PADDED) != 0 && payload.length > 0) {
                from++;
                to -= payload[0] & 0xff;
            }
            if (to < from) {
                throw new IOException("the server speaks no HTTP/2");
            }
            return Arrays.copyOfRange(payload, from, to);
        }

        private byte[] octets(int n, Patience patience) throws IOException {
            byte[] bytes = new byte[n];
            for (int at = 0; at < n; ) {
                socket.setSoTimeout(patience.millisLeft());
                int count = socket.getInputStream().read(bytes, at, n - at);
                if (count < 0) {
                    throw new EOFException("closed without an answer");
                }
                at += count;
            }
            return bytes;
        }

        private void send(int type, int flags, int id, byte[] payload) throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            frame(out, type, flags, id, payload);
            socket.getOutputStream().write(out.toByteArray());
        }

        private static void frame(
                ByteArrayOutputStream out, int type, int flags, int id, byte[] payload) {
            out.write(payload.length >>> 16);
            out.write(payload.length >>> 8);
            out.write(payload.length);
            out.write(type);
            out.write(flags);
            out.writeBytes(octets(id));
            out.writeBytes(payload);
        }

        private static byte[] octets(int number) {
            return new byte[] {
                (byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number
            };
        }

        private static int number(byte[] bytes, int at) {
            return ((bytes[at] & 0xff) << 24)
                    | ((bytes[at + 1] & 0xff) << 16)
                    | ((bytes[at + 2] & 0xff) << 8)
                    | (bytes[at + 3] & 0xff);
        }
    }
}
