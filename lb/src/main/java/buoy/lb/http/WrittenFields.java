package buoy.lb.http;

import buoy.lb.http.h2.ResponseBlock;
import buoy.lb.http.head.Output;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** A block that is encoded already. */
final class WrittenFields extends BareHeaders {
    private static final int TABLE = 4096;

    private final Output block;
    private final @Nullable AsciiString status;

    private WrittenFields(Output block, @Nullable AsciiString status) {
        this.block = block;
        this.status = status;
    }

    static WrittenFields head(Output block, int status) {
        return new WrittenFields(block, HttpResponseStatus.valueOf(status).codeAsText());
    }

    static WrittenFields request(Output block) {
        return new WrittenFields(block, null);
    }

    static WrittenFields trailers(Output block) {
        return new WrittenFields(block, null);
    }

    @Override
    public @Nullable CharSequence status() {
        return status;
    }

    /**
     * Sends such blocks as they are. A peer that wants a smaller table than usual is told that it
     * has it (RFC 7541 4.2); nothing is ever put into it.
     */
    static final class Encoder implements Http2HeadersEncoder, Http2HeadersEncoder.Configuration {
        /** What two sizes of the table take at most (RFC 7541 6.3). */
        private static final int UPDATE = 8;

        private final Output update = new Output(UPDATE);
        private long table = TABLE;

        /** The least it was since the last block. */
        private long least = TABLE;

        private long told = TABLE;
        private long listSize = Long.MAX_VALUE;

        /** {@link #encodeHeaders} writes no more octets. */
        int most(Http2Headers headers) {
            return UPDATE + ((WrittenFields) headers).block.length();
        }

        @Override
        public void encodeHeaders(int streamId, Http2Headers headers, ByteBuf buffer) {
            if (least < told) {
                update.clear();
                ResponseBlock.number(0x20, 5, (int) least, update);
                if (table > least) {
                    ResponseBlock.number(0x20, 5, (int) table, update);
                }
                buffer.writeBytes(update.bytes(), 0, update.length());
                told = table;
            }
            least = told;
            Output block = ((WrittenFields) headers).block;
            buffer.writeBytes(block.bytes(), 0, block.length());
        }

        @Override
        public Configuration configuration() {
            return this;
        }

        @Override
        public void maxHeaderTableSize(long max) {
            table = Math.min(max, TABLE);
            least = Math.min(least, table);
        }

        @Override
        public long maxHeaderTableSize() {
            return table;
        }

        /** Advisory (RFC 9113 6.5.2): a response is not held back for it. */
        @Override
        public void maxHeaderListSize(long max) {
            listSize = max;
        }

        @Override
        public long maxHeaderListSize() {
            return listSize;
        }
    }
}
