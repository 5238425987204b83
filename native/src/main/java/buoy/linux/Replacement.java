package buoy.linux;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;

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
        Pointer[] texts = new Pointer[arguments.size()];
        for (var i = 0; i < texts.length; i++) {
            byte[] text = Kernel.cString(arguments.get(i));
            texts[i] = Memory.allocateDirect(kernel.runtime(), text.length);
            texts[i].put(0, text, 0, text.length);
            pointers.putLong(texts[i].address());
        }
        try {
            var result = kernel.posix().execv(Kernel.cString(program), pointers.array());
            var _ = kernel.checked(result, "execv", program);
        } finally {
            // Their memory goes with them.
            Reference.reachabilityFence(texts);
        }
    }
}
