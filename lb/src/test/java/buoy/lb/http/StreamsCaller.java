package buoy.lb.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One end of HTTP/2, most often a client, that sends exactly the frames the test says, and shows
 * those it gets.
 */
final class StreamsCaller implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    /** Of SETTINGS. */
    static final int INITIAL_WINDOW_SIZE = 4;

    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    /** RFC 9113 4.2: no peer takes less. */
    static final int FRAME = 16_384;

    /** One frame that came. */
    @SuppressWarnings("ArrayRecordComponent") // compared with nothing
    record Frame(int type, int flags, int stream, byte[] payload, String fields) {
        boolean ends() {
            return (flags & END_STREAM) != 0;
        }

        /** The code of RST_STREAM or GOAWAY. */
        int code() {
            int at = type == GOAWAY ? 4 : 0;
            return Unpooled.wrappedBuffer(payload).getInt(at);
        }

        /** Of GOAWAY. */
        int lastStream() {
            return Unpooled.wrappedBuffer(payload).getInt(0);
        }

        String text() {
            return new String(payload, ISO_8859_1);
        }
    }

    /** An answer: its fields a line each, its content, its trailers, and how the stream ended. */
    static final class Answer {
        final List<String> interim = new ArrayList<>();
        String fields = "";
        String trailers = "";
        final StringBuilder content = new StringBuilder();
        boolean ended;

        /** The code of a reset; -1 without one. */
        int reset = -1;

        String status() {
            return fields.substring(":status: ".length(), fields.indexOf('\n'));
        }
    }

    final Socket socket;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);

    /** Says hello, with these settings (identifier and value). */
    StreamsCaller(int port, int... settings) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port), settings);
    }

    StreamsCaller(Socket connected, int... settings) throws IOException {
        this(connected);
        socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1));
        settings(settings);
    }

    private StreamsCaller(Socket connected) throws IOException {
        socket = connected;
        socket.setSoTimeout(15_000);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
    }

    /** The server's end, which has heard the client's preface. */
    static StreamsCaller answering(Socket connected, int... settings) throws IOException {
        StreamsCaller server = new StreamsCaller(connected);
        String preface = new String(server.in.readNBytes(24), ISO_8859_1);
        if (!preface.startsWith("PRI * HTTP/2.0")) {
            throw new IOException("no preface: " + preface);
        }
        server.settings(settings);
        return server;
    }

    private void settings(int... settings) throws IOException {
        ByteBuf payload = Unpooled.buffer();
        for (int i = 0; i < settings.length; i += 2) {
            payload.writeShort(settings[i]).writeInt(settings[i + 1]);
        }
        frame(SETTINGS, 0, 0, bytes(payload));
    }

    // ---- sending ----

    StreamsCaller frame(int type, int flags, int stream, byte[] payload) throws IOException {
        return many(1, type, flags, stream, payload);
    }

    /** The same frame so many times, in one write. */
    StreamsCaller many(int n, int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuf frames = Unpooled.buffer();
        for (int i = 0; i < n; i++) {
            frames.writeMedium(payload.length).writeByte(type).writeByte(flags).writeInt(stream);
            frames.writeBytes(payload);
        }
        socket.getOutputStream().write(bytes(frames));
        return this;
    }

    /** Fields a line each, as {@code name: value}; {@code \n} alone ends a line. */
    StreamsCaller headers(int stream, boolean ends, String fields) throws IOException {
        return fields(stream, ends, fields.split("\n", -1));
    }

    StreamsCaller fields(int stream, boolean ends, String... fields) throws IOException {
        byte[] block = block(fields);
        int first = Math.min(block.length, FRAME);
        int flags = (ends ? END_STREAM : 0) | (first == block.length ? END_HEADERS : 0);
        frame(HEADERS, flags, stream, Arrays.copyOf(block, first));
        for (int at = first; at < block.length; at += FRAME) {
            int to = Math.min(block.length, at + FRAME);
            frame(
                    CONTINUATION,
                    to == block.length ? END_HEADERS : 0,
                    stream,
                    Arrays.copyOfRange(block, at, to));
        }
        return this;
    }

    StreamsCaller get(int stream, String path) throws IOException {
        return headers(stream, true, request("GET", path));
    }

    /** As many requests, the first on this stream, in one write. */
    StreamsCaller gets(int first, int n) throws IOException {
        byte[] block = block(request("GET", "/").split("\n", -1));
        ByteBuf frames = Unpooled.buffer();
        for (int stream = first; stream < first + 2 * n; stream += 2) {
            frames.writeMedium(block.length).writeByte(HEADERS).writeByte(END_STREAM | END_HEADERS);
            frames.writeInt(stream).writeBytes(block);
        }
        socket.getOutputStream().write(bytes(frames));
        return this;
    }

    static String request(String method, String path) {
        return ":method: " + method + "\n:scheme: http\n:path: " + path + "\n:authority: a.example";
    }

    StreamsCaller data(int stream, boolean ends, String content) throws IOException {
        return frame(DATA, ends ? END_STREAM : 0, stream, content.getBytes(ISO_8859_1));
    }

    StreamsCaller reset(int stream) throws IOException {
        return frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
    }

    StreamsCaller window(int stream, int more) throws IOException {
        return frame(WINDOW_UPDATE, 0, stream, bytes(Unpooled.buffer().writeInt(more)));
    }

    /** Literals without indexing; the name ends at the first ": " behind its first octet. */
    static byte[] block(String... fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (String field : fields) {
            int colon = field.indexOf(": ", 1);
            block.write(0);
            literal(field.substring(0, colon), block);
            literal(field.substring(colon + 2), block);
        }
        return block.toByteArray();
    }

    private static void literal(String text, ByteArrayOutputStream to) {
        byte[] octets = text.getBytes(ISO_8859_1);
        int n = octets.length;
        if (n < 127) {
            to.write(n);
        } else {
            to.write(127);
            for (n -= 127; n >= 128; n >>>= 7) {
                to.write((n & 127) | 128);
            }
            to.write(n);
        }
        to.writeBytes(octets);
    }

    private static byte[] bytes(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        return bytes;
    }

    // ---- receiving ----

    /** The next frame; settings are acknowledged by the way. */
    Frame next() throws Exception {
        int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = in.readNBytes(length);
        if (type == SETTINGS && flags == 0) {
            frame(SETTINGS, 1, 0, new byte[0]);
        }
        StringBuilder fields = new StringBuilder();
        if (type == HEADERS) {
            decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(payload))
                    .forEach(
                            field ->
                                    fields.append(field.getKey())
                                            .append(": ")
                                            .append(field.getValue())
                                            .append('\n'));
        }
        return new Frame(type, flags, stream, payload, fields.toString());
    }

    /** The next frame of this type. */
    Frame next(int type) throws Exception {
        Frame frame = next();
        while (frame.type != type) {
            frame = next();
        }
        return frame;
    }

    /** Whether the connection ends, whatever else still comes. */
    boolean ends() throws Exception {
        try {
            while (true) {
                next();
            }
        } catch (EOFException | java.net.SocketException ended) {
            return true;
        }
    }

    /** What comes on the stream until its end; the client's window is kept open. */
    Answer answer(int stream) throws Exception {
        Answer answer = new Answer();
        while (!answer.ended && answer.reset < 0) {
            Frame frame = next();
            if (frame.type == GOAWAY && frame.code() != 0) {
                throw new AssertionError("GOAWAY " + frame.code());
            }
            if (frame.stream != stream) {
                continue;
            }
            switch (frame.type) {
                case HEADERS -> {
                    if (frame.fields.startsWith(":status: 1")) {
                        answer.interim.add(frame.fields);
                    } else if (answer.fields.isEmpty()) {
                        answer.fields = frame.fields;
                    } else {
                        answer.trailers = frame.fields;
                    }
                    answer.ended = frame.ends();
                }
                case DATA -> {
                    answer.content.append(frame.text());
                    answer.ended = frame.ends();
                    if (frame.payload.length > 0 && !answer.ended) {
                        window(0, frame.payload.length);
                        window(stream, frame.payload.length);
                    }
                }
                case RST_STREAM -> answer.reset = frame.code();
                default -> {}
            }
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
