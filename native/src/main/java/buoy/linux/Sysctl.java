package buoy.linux;

import java.nio.charset.StandardCharsets;

/**
 * Kernel settings under {@code /proc/sys}. Those below {@code net} are of the calling thread's
 * network namespace.
 */
public final class Sysctl {
    private static final int O_RDONLY = 0;
    private static final int O_WRONLY = 1;
    private static final int O_CLOEXEC = 0x80000;
    private static final int LONGEST = 4096;

    private Sysctl() {}

    /**
     * Reads a setting, without the end of its line.
     *
     * @param path its parts, as {@code "net", "ipv6", "conf", "eth0.5", "forwarding"}: an interface
     *     name may have dots
     */
    public static String read(Kernel kernel, String... path) throws SyscallFailed {
        try (var file = open(kernel, O_RDONLY, path)) {
            var content = new byte[LONGEST];
            var length =
                    kernel.checked(
                            kernel.posix().read(file.fd(), content, content.length),
                            "read",
                            file.subject());
            return new String(content, 0, (int) length, StandardCharsets.UTF_8).strip();
        }
    }

    /** Writes a setting. */
    public static void write(Kernel kernel, String value, String... path) throws SyscallFailed {
        try (var file = open(kernel, O_WRONLY, path)) {
            var content = value.getBytes(StandardCharsets.UTF_8);
            var _ =
                    kernel.checked(
                            kernel.posix().write(file.fd(), content, content.length),
                            "write",
                            file.subject() + " = " + value);
        }
    }

    private static Descriptor open(Kernel kernel, int mode, String... path) throws SyscallFailed {
        var name = "/proc/sys/" + String.join("/", path);
        return Descriptor.of(
                kernel,
                kernel.posix().open(Kernel.cString(name), mode | O_CLOEXEC, 0),
                "open",
                name);
    }
}
