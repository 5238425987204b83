package buoy.config;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** As {@link HostileFileTest}, looked for where coverage leads. */
class HostileFileFuzzTest {
    @FuzzTest
    void file(byte[] yaml) {
        HostileFileTest.isJudged(Written.read(yaml));
    }
}
