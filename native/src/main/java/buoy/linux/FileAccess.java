package buoy.linux;

import buoy.linux.layout.FileRights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Looks at who may do what with a file. */
public final class FileAccess {
    private static final byte[] LIST = Kernel.cString("system.posix_acl_access");

    /** XATTR_SIZE_MAX of linux/limits.h. */
    private static final int MOST = 64 << 10;

    private FileAccess() {}

    /**
     * Where the path leads, by links if there are any.
     *
     * @throws IOException if this process may not look, or there is no such file
     */
    public static FileRights of(Kernel kernel, Path file) throws IOException {
        Map<String, Object> found = Files.readAttributes(file, "unix:uid,gid,mode");
        var list = new byte[MOST];
        var length =
                kernel.posix().getxattr(Kernel.cString(file.toString()), LIST, list, list.length);
        return new FileRights(
                number(found, "uid"),
                number(found, "gid"),
                number(found, "mode"),
                // Negative: it has none, or its file system knows none.
                ByteBuffer.wrap(list, 0, Math.toIntExact(Math.max(0, length))));
    }

    private static int number(Map<String, Object> attributes, String name) throws IOException {
        if (attributes.get(name) instanceof Integer number) {
            return number;
        }
        throw new IOException("no " + name + " of the file is known");
    }
}
