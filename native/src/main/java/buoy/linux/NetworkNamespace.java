package buoy.linux;

/** The network namespaces that {@code ip netns} makes. */
public final class NetworkNamespace {
    private static final int O_CLOEXEC = 0x80000;
    private static final int CLONE_NEWNET = 0x4000_0000;

    private NetworkNamespace() {}

    /**
     * Moves the calling platform thread, and it alone, into a namespace for good. What it opens
     * from now on belongs there; what was open stays where it was.
     */
    public static void enter(Kernel kernel, String name) throws SyscallFailed {
        var path = "/run/netns/" + name;
        var fd = kernel.posix().open(Kernel.cString(path), O_CLOEXEC, 0);
        try (var file = Descriptor.of(kernel, fd, "open", path)) {
            var _ = kernel.checked(kernel.posix().setns(file.fd(), CLONE_NEWNET), "setns", name);
        }
    }
}
