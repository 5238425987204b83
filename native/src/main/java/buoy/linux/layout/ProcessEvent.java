package buoy.linux.layout;

import java.util.Optional;

/**
 * What happens to processes, as the kernel's process connector tells it: a {@code struct
 * proc_event} in a {@code struct cn_msg} in a netlink message ({@code linux/cn_proc.h}).
 *
 * <pre>
 *  0       4       8       12      16       18      20      24      28         36
 *  +-------+-------+-------+-------+--------+-------+-------+-------+----------+-----------
 *  | index | value | seq   | ack   | length | flags | what  | cpu   | time     | data ...
 *  +-------+-------+-------+-------+--------+-------+-------+-------+----------+-----------
 * </pre>
 */
public sealed interface ProcessEvent {
    /** The index of the process connector, and the bit of its multicast group. */
    int CN_IDX_PROC = 1;

    /** The kernel answers a subscription. */
    record Subscribed(int errno) implements ProcessEvent {}

    /** There is another process, or one has another name. */
    record Named(int process) implements ProcessEvent {}

    /** A process has ended, with all its threads. */
    record Ended(int process) implements ProcessEvent {}

    /** The kernel dropped events: only looking at everything tells the truth. */
    record Overrun() implements ProcessEvent {}

    int CN_VAL_PROC = 1;
    int PROC_CN_MCAST_LISTEN = 1;

    int HEADER = 20;
    int DATA = HEADER + 16;
    int NONE = 0;
    int FORK = 0x1;
    int EXEC = 0x2;
    int COMM = 0x200;
    int EXIT = 0x8000_0000;

    /** The request to hear of all processes. */
    static byte[] subscribe() {
        var body = HEADER + 4;
        return NativeOrder.allocate(NetlinkMessage.HEADER + body)
                .putInt(NetlinkMessage.HEADER + body)
                .putShort((short) NetlinkMessage.NLMSG_DONE)
                .putShort((short) 0)
                .putInt(0) // sequence
                .putInt(0) // port: the kernel fills it in
                .putInt(CN_IDX_PROC)
                .putInt(CN_VAL_PROC)
                .putInt(0) // sequence
                .putInt(0) // no acknowledgement of connector's own
                .putShort((short) 4)
                .putShort((short) 0)
                .putInt(PROC_CN_MCAST_LISTEN)
                .array();
    }

    /** What a message says; empty for what is about threads or of no interest. */
    static Optional<ProcessEvent> decode(NetlinkMessage message) {
        var body = message.body();
        if (body.length < DATA + 8) {
            return Optional.empty();
        }
        var buffer = NativeOrder.wrap(body);
        if (buffer.getInt(0) != CN_IDX_PROC || buffer.getInt(4) != CN_VAL_PROC) {
            return Optional.empty();
        }
        var thread = buffer.getInt(DATA);
        var process = buffer.getInt(DATA + 4);
        return switch (buffer.getInt(HEADER)) {
            case NONE -> Optional.of(new Subscribed(thread));
            case FORK ->
                    body.length < DATA + 16
                            ? Optional.empty()
                            : led(buffer.getInt(DATA + 8), buffer.getInt(DATA + 12))
                                    .map(Named::new);
            case EXEC, COMM -> led(thread, process).map(Named::new);
            case EXIT -> led(thread, process).map(Ended::new);
            default -> Optional.empty();
        };
    }

    /** The process, if it is about its first thread. */
    private static Optional<Integer> led(int thread, int process) {
        return thread == process ? Optional.of(process) : Optional.empty();
    }
}
