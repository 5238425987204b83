package buoy.linux;

/** What an operator can do about a refusal, by call and reason. */
final class Remedies {
    private Remedies() {}

    static String of(String call, Errno reason) {
        if (call.equals("mlockall")) {
            return permission(call); // too low a limit is ENOMEM there
        }
        if (call.startsWith("NFT_")
                && (reason.name().equals("EOPNOTSUPP") || reason.name().equals("EINVAL"))) {
            return "the kernel needs nf_tables with owned tables: Linux 5.12 and its module nf_tables";
        }
        if (call.equals("RTM_NEWLINK") && reason.name().equals("EOPNOTSUPP")) {
            return "the kernel needs its module macvlan for virtual-mac: modprobe macvlan, or build it with CONFIG_MACVLAN";
        }
        return switch (reason.name()) {
            case "EPERM", "EACCES" -> permission(call);
            case "EMFILE" ->
                    "raise the limit of open files: LimitNOFILE= in the unit, or ulimit -n";
            case "ENFILE" -> "raise fs.file-max: the whole machine is out of files";
            case "ENODEV", "ENXIO" ->
                    "the interface is not there (any more); it is used as soon as it appears";
            case "EADDRNOTAVAIL" -> "give the interface an address of this family first";
            case "EADDRINUSE" -> "something else uses it already";
            case "ENETDOWN" -> "set the interface up";
            case "ENETUNREACH", "EHOSTUNREACH" ->
                    "there is no route to it: check addresses and routes";
            case "EAFNOSUPPORT" -> "the kernel has this protocol family switched off";
            case "ENOBUFS", "ENOMEM" -> "the kernel is short of memory for this; it is tried again";
            case "EAGAIN" -> call.equals("flock") ? "another process holds it" : "";
            case "EPROTONOSUPPORT" -> "the running kernel was built without it";
            case "ENOPROTOOPT", "ENOSYS" -> "the running kernel is too old for it";
            default -> "";
        };
    }

    private static String permission(String call) {
        return switch (call) {
            case "sched_setscheduler" -> "grant CAP_SYS_NICE or raise LimitRTPRIO=";
            case "mlockall" -> "grant CAP_IPC_LOCK or raise LimitMEMLOCK=";
            case "setns" -> "run as root";
            case "open" -> "let this user read and write the file and search its directory";
            default ->
                    call.startsWith("RTM_") || call.startsWith("NFT_")
                            ? "grant CAP_NET_ADMIN, or run as root"
                            : "grant CAP_NET_RAW and CAP_NET_ADMIN, or run as root";
        };
    }
}
