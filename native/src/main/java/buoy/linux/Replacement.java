package buoy.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Another program in place of this one: same process, environment and standard files. */
public final class Replacement {
    private Replacement() {}

    /**
     * Becomes it; every other thread ends. Its privileges are those of the calling thread.
     *
     * @param program a path
     * @param arguments the first is the name that it is told it has
     * @throws SyscallFailed if it did not; otherwise this never returns
     */
    public static void become(Kernel kernel, String program, List<String> arguments)
            throws SyscallFailed {
        var pointers =
                ByteBuffer.allocate((arguments.size() + 1) * Long.BYTES)
                        .order(ByteOrder.nativeOrder());
        // Freed with the program, which this is the end of.
        for (String argument : arguments) {
            pointers.putLong(kernel.posix().strdup(Kernel.cString(argument)));
        }
        var result = kernel.posix().execv(Kernel.cString(program), pointers.array());
        var _ = kernel.checked(result, "execv", program);
    }
}
