package buoy.lb.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lb.postgres.Startup.DirectTls;
import buoy.lb.postgres.Startup.Hello;
import buoy.lb.postgres.Startup.NeedMore;
import buoy.lb.postgres.Startup.NotPostgres;
import buoy.lb.postgres.Startup.WantsCancel;
import buoy.lb.postgres.Startup.WantsGss;
import buoy.lb.postgres.Startup.WantsTls;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/**
 * A first message from anybody is told by its bytes alone, and never claims more than are here;
 * what a server answers with comes out the same however it arrives.
 */
class StartupFuzzTest {
    @FuzzTest
    void firstMessage(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        switch (Startup.read(buffer)) {
            case NeedMore(int wanted) ->
                    assertThat(wanted).isBetween(bytes.length + 1, Startup.MOST);
            case Hello(int length, int major, _, StartupParameters parameters) -> {
                assertThat(length).isBetween(9, bytes.length);
                assertThat(parameters.set("buoy.role")).isNotNull();
                assertThat(major).isEqualTo(3);
            }
            case WantsCancel(int length, _) -> assertThat(length).isBetween(16, bytes.length);
            case WantsTls _, WantsGss _ -> assertThat(bytes).hasSizeGreaterThanOrEqualTo(8);
            case DirectTls _ -> assertThat(bytes).startsWith(22);
            case NotPostgres(var why) -> assertThat(why).isNotBlank();
        }
        assertThat(buffer.position()).isZero();
    }

    /** What a server says while a session starts ends somewhere, or waits for more. */
    @FuzzTest
    void serverGreeting(byte[] bytes) {
        ServerGreeting whole = new ServerGreeting();
        whole.read(ByteBuffer.wrap(bytes));
        ServerGreeting pieces = new ServerGreeting();
        for (byte octet : bytes) {
            pieces.read(ByteBuffer.wrap(new byte[] {octet}));
        }
        assertThat(pieces.isOver()).isEqualTo(whole.isOver());
        assertThat(pieces.takesError()).isEqualTo(whole.takesError());
        assertThat(pieces.key()).isEqualTo(whole.key());
    }

    /** So is what it comes to for who may still go to another server. */
    @FuzzTest
    void word(byte[] bytes) {
        for (boolean answered : new boolean[] {false, true}) {
            ByteBuf whole = Unpooled.wrappedBuffer(bytes);
            Word last = Word.read(whole, answered);
            assertThat(whole.readerIndex()).isZero();
            for (int some = 1; some < bytes.length; some++) {
                Word word = Word.read(Unpooled.wrappedBuffer(bytes, 0, some), answered);
                if (!(word instanceof Word.More)) {
                    assertThat(word).isEqualTo(last);
                    break;
                }
            }
            if (last instanceof Word.Asks(int length)) {
                assertThat(length).isBetween(9, bytes.length);
                assertThat(answered).isFalse();
            }
        }
    }
}
