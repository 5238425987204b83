package buoy.lb.worker;

import io.netty.channel.unix.Buffer;
import io.netty.channel.unix.RawUnixChannelOption;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Has a listening socket overlook what would open a connection (socket(7), SO_ATTACH_FILTER; the
 * kernel's networking/filter.rst): TCP tries again after a second (RFC 6298 2). All else passes, so
 * that handshakes come to their end. No privilege is needed. The connections inherit the filter,
 * which does nothing to them: who speaks on one has no such segment.
 */
final class SynFilter {
    /** struct sock_fprog, on machines of 64 bits: a count, and behind a gap a pointer. */
    private static final int PROGRAM_SIZE = 16;

    /** asm-generic/socket.h. */
    static final RawUnixChannelOption SO_ATTACH_FILTER =
            new RawUnixChannelOption("SO_ATTACH_FILTER", 1, 26, PROGRAM_SIZE);

    /** struct sock_filter: operation, jump if true, jump if false, operand. */
    private static final int[][] STEPS = {
        {0x30, 0, 0, 13}, // the flags of a segment (RFC 9293 3.1), which begins at 0
        {0x54, 0, 0, 0x12}, // of them ACK and SYN
        {0x15, 0, 1, 0x02}, // a SYN alone
        {0x06, 0, 0, 0}, // is dropped
        {0x06, 0, 0, 0x7fff_ffff} // and all else is kept whole
    };

    private static final int STEP_SIZE = 8;

    /** Where the kernel reads them from whenever a socket gets the filter. */
    private final ByteBuffer steps =
            ByteBuffer.allocateDirect(STEPS.length * STEP_SIZE).order(ByteOrder.nativeOrder());

    SynFilter() {
        for (int[] step : STEPS) {
            steps.putShort((short) step[0]).put((byte) step[1]).put((byte) step[2]).putInt(step[3]);
        }
    }

    /** The value of the option. */
    ByteBuffer program() {
        return ByteBuffer.allocate(PROGRAM_SIZE)
                .order(ByteOrder.nativeOrder())
                .putShort(0, (short) STEPS.length)
                .putLong(8, Buffer.memoryAddress(steps));
    }
}
