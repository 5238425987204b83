package buoy.linux.layout;

import java.util.Optional;

/**
 * The kernel's answer to a request ({@code NLMSG_ERROR}, also where nothing is wrong).
 *
 * <pre>
 *  0           4                  20
 *  +-----------+------------------+--------------------------------------------
 *  | -errno    | request's header | the request, unless capped; then attributes
 *  +-----------+------------------+--------------------------------------------
 * </pre>
 *
 * @param errno 0 if it was done
 * @param detail the kernel's own words about what is wrong; often empty
 */
public record Acknowledgement(int errno, String detail) {
    private static final int FIXED = 20;
    private static final int NLMSGERR_ATTR_MSG = 1;

    /** From an {@code NLMSG_ERROR}, or an {@code NLMSG_DONE}, which may carry an error too. */
    public static Optional<Acknowledgement> decode(NetlinkMessage message) {
        var body = message.body();
        var hasError =
                message.type() == NetlinkMessage.NLMSG_ERROR
                        || message.type() == NetlinkMessage.NLMSG_DONE;
        if (!hasError || body.length < 4) {
            return Optional.empty();
        }
        return Optional.of(new Acknowledgement(-NativeOrder.wrap(body).getInt(0), detail(message)));
    }

    private static String detail(NetlinkMessage message) {
        var capped = NetlinkMessage.CAPPED | NetlinkMessage.HAS_TLVS;
        if (message.type() != NetlinkMessage.NLMSG_ERROR || (message.flags() & capped) != capped) {
            return "";
        }
        return Attributes.parse(message.body(), FIXED).text(NLMSGERR_ATTR_MSG).orElse("");
    }
}
