package buoy.linux.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** acl(5): who may do what. */
class FileRightsTest {
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private static boolean reads(FileRights rights, int user, Integer... groups) {
        return rights.allow(user, Set.of(groups), FileRights.READ);
    }

    @Test
    void theModeIsForTheOwnerTheGroupAndTheOthersInThisOrder() {
        assertThat(reads(new FileRights(10, 20, 0100600, NONE), 10, 99)).isTrue();
        assertThat(reads(new FileRights(10, 20, 0100600, NONE), 11, 20)).isFalse();
        assertThat(reads(new FileRights(10, 20, 0100640, NONE), 11, 20)).isTrue();
        assertThat(reads(new FileRights(10, 20, 0100640, NONE), 11, 99, 20)).isTrue();
        assertThat(reads(new FileRights(10, 20, 0100640, NONE), 11, 99)).isFalse();
        assertThat(reads(new FileRights(10, 20, 0100604, NONE), 11, 99)).isTrue();
        assertThat(reads(new FileRights(10, 20, 0100604, NONE), 11, 20))
                .as("a group is refused what others may")
                .isFalse();
        assertThat(reads(new FileRights(10, 20, 0100044, NONE), 10, 20)).isFalse();
        FileRights directory = new FileRights(10, 20, 040710, NONE);
        assertThat(directory.allow(11, Set.of(20), FileRights.SEARCH)).isTrue();
        assertThat(directory.allow(11, Set.of(20), FileRights.READ | FileRights.SEARCH)).isFalse();
    }

    /** {@code setfacl -m u:11:r,g:21:r,g:22:-}, and the mask that the mode shows for a group. */
    private static FileRights listed(int mask) {
        String entries =
                "02000000"
                        + "01000600ffffffff" // user::rw-
                        + "020004000b000000" // user:11:r--
                        + "04000000ffffffff" // group::---
                        + "0800040015000000" // group:21:r--
                        + "0800000016000000" // group:22:---
                        + "1000%02x00ffffffff".formatted(mask) // mask
                        + "20000400ffffffff"; // other::r--
        return new FileRights(
                10, 20, 0100604 | mask << 3, ByteBuffer.wrap(HexFormat.of().parseHex(entries)));
    }

    @Test
    void aListNamesUsersAndGroupsBelowItsMask() {
        FileRights rights = listed(4);
        assertThat(reads(rights, 11, 99)).as("a named user").isTrue();
        assertThat(reads(rights, 12, 20)).as("the group, not the mask").isFalse();
        assertThat(reads(rights, 12, 21)).as("a named group").isTrue();
        assertThat(reads(rights, 12, 22)).isFalse();
        assertThat(reads(rights, 12, 22, 21)).as("any group that may").isTrue();
        assertThat(reads(rights, 12, 99)).as("others").isTrue();
        assertThat(reads(listed(0), 11, 99)).as("masked").isFalse();
        assertThat(reads(listed(0), 12, 21)).isFalse();
    }

    @Test
    void aListThatIsCutOffIsReadAsFarAsItGoes() {
        for (int length = 0; length < 60; length++) {
            ByteBuffer cut = listed(4).list();
            cut.limit(length);
            FileRights rights = new FileRights(10, 20, 0100640, cut);
            assertThat(reads(rights, 10, 20)).isTrue();
            assertThat(rights.allow(12, Set.of(99), FileRights.READ)).isFalse();
        }
    }
}
