package buoy.linux.layout;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;

/**
 * Who may do what with a file: its owner, group and mode, and its access control list where it has
 * one. The kernel's own answer is given only to who asks for himself; this tells it of somebody
 * else, who has no capabilities.
 *
 * <pre>
 *  u32 version (2)                              system.posix_acl_access, little-endian
 *  u16 tag   u16 permissions   u32 id           an entry; as many as there are
 * </pre>
 *
 * @param mode as stat(2) has it; with a list its bits for the group are the mask
 * @param list the extended attribute, without bytes where there is none
 */
public record FileRights(int owner, int group, int mode, ByteBuffer list) {
    /** What may be asked for. */
    public static final int READ = 4;

    /** Of a directory: to come to what is in it. */
    public static final int SEARCH = 1;

    private static final int VERSION = 2;
    private static final int ENTRY = 8;
    private static final int USER = 0x02;
    private static final int GROUP_OF_FILE = 0x04;
    private static final int GROUP = 0x08;
    private static final int MASK = 0x10;

    /** One of the list. */
    private interface Judge {
        void entry(int tag, int permissions, int id);
    }

    /**
     * Whether they may (acl(5), access check algorithm).
     *
     * @param groups all that the user is in
     * @param wanted of {@link #READ} and {@link #SEARCH}
     */
    public boolean allow(int user, Set<Integer> groups, int wanted) {
        if (user == owner) {
            return has(mode >> 6, wanted);
        }
        var mask = new int[] {7};
        var named = new int[] {-1};
        entries(
                (tag, permissions, id) -> {
                    if (tag == MASK) {
                        mask[0] = permissions;
                    } else if (tag == USER && id == user) {
                        named[0] = permissions;
                    }
                });
        if (named[0] >= 0) {
            return has(named[0] & mask[0], wanted);
        }
        var member = new boolean[1];
        var allowed = new boolean[1];
        entries(
                (tag, permissions, id) -> {
                    if ((tag == GROUP_OF_FILE && groups.contains(group))
                            || (tag == GROUP && groups.contains(id))) {
                        member[0] = true;
                        allowed[0] |= has(permissions & mask[0], wanted);
                    }
                });
        return member[0] ? allowed[0] : has(mode, wanted);
    }

    /** Those of the list; where there is none the one that the mode stands for. */
    private void entries(Judge judge) {
        var bytes = list.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.remaining() < Integer.BYTES || bytes.getInt() != VERSION) {
            judge.entry(GROUP_OF_FILE, mode >> 3 & 7, group);
            return;
        }
        while (bytes.remaining() >= ENTRY) {
            judge.entry(bytes.getShort() & 0xffff, bytes.getShort() & 7, bytes.getInt());
        }
    }

    private static boolean has(int permissions, int wanted) {
        return (permissions & wanted) == wanted;
    }
}
