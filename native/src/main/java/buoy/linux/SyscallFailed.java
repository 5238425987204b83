package buoy.linux;

import java.io.IOException;
import java.util.Objects;

/**
 * The kernel refused. The message names the call, what it was about, the reason, and what to do, as
 * in {@code socket(VRRP over IPv4 on eth0) failed: EPERM (grant CAP_NET_RAW, or run as root)}.
 *
 * <p>Checked, because every caller has something to decide: try again, go on with less, or say it
 * once and stay in fault.
 */
public final class SyscallFailed extends IOException {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final String subject;
    private final Errno reason;
    private final String remedy;

    /**
     * @param call the function, or the netlink request, as {@code sendmsg} or {@code RTM_NEWADDR}
     * @param subject what it was about: an interface, an address, a path
     * @param detail the kernel's own words, where netlink gave some; else empty
     */
    SyscallFailed(String call, String subject, Errno reason, String detail) {
        var remedy = Remedies.of(call, reason);
        super(
                "%s(%s) failed: %s%s%s"
                        .formatted(
                                call,
                                subject,
                                reason.name(),
                                detail.isEmpty() ? "" : ", " + detail,
                                remedy.isEmpty() ? "" : " (" + remedy + ")"));
        this.call = call;
        this.subject = subject;
        this.reason = reason;
        this.remedy = remedy;
    }

    /** The whole sentence; never null. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /** The function, or the netlink request, that failed. */
    public String call() {
        return call;
    }

    /** The thing it was about. */
    public String subject() {
        return subject;
    }

    public Errno reason() {
        return reason;
    }

    /** What the operator can do; empty where we know nothing better than the reason. */
    public String remedy() {
        return remedy;
    }
}
