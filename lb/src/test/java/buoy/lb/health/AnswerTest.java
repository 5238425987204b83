package buoy.lb.health;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import buoy.lb.health.Answer.Extent;
import buoy.lb.health.Answer.NeedMore;
import buoy.lb.health.Answer.NotHttp;
import buoy.lb.health.Answer.Response;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class AnswerTest {
    private static Answer read(String text, boolean ended, boolean wantBody) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        return Answer.read(bytes, bytes.length, ended, wantBody ? Extent.WHOLE : Extent.STATUS);
    }

    @Test
    void theStatusLineIsEnoughWithoutABodyToLookInto() {
        assertThat(read("HTTP/1.1 200 OK\r\n", false, false))
                .isEqualTo(new Response(200, "", false));
        assertThat(read("HTTP/1.0 503 Service Unavailable\r\n", false, false))
                .isEqualTo(new Response(503, "", false));
    }

    @Test
    void interimAnswersAreSkipped() {
        assertThat(
                        read(
                                "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 \r\n",
                                false,
                                false))
                .isEqualTo(new Response(204, "", false));
    }

    @Test
    void theBodyIsReadByLengthByChunksOrToTheEnd() {
        assertThat(read("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more", false, true))
                .isEqualTo(new Response(200, "ok", false));
        String chunks = "2\r\nst\r\n4;x=y\r\natus\r\n0\r\n\r\n";
        assertThat(read(chunkedHead() + chunks, false, true))
                .isEqualTo(new Response(200, "status", true));
        assertThat(read("HTTP/1.1 200 OK\r\n\r\nuntil the end", true, true))
                .isEqualTo(new Response(200, "until the end", false));
        assertThat(read("HTTP/1.1 200 OK\r\n\r\nuntil the", false, true)).isEqualTo(new NeedMore());
    }

    @Test
    void aConnectionIsKeptAtTheEndOfAWholeAnswerAlone() {
        String head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n";
        assertThat(read(head + "\r\nok", false, true)).isEqualTo(new Response(200, "ok", true));
        assertThat(read(head + "Connection: keep-alive, close\r\n\r\nok", false, true))
                .isEqualTo(new Response(200, "ok", false));
        assertThat(read("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", false, true))
                .isEqualTo(new Response(200, "ok", false));
        assertThat(read(chunkedHead() + "0\r\n\r\n", false, true))
                .isEqualTo(new Response(200, "", true));
        assertThat(read(chunkedHead() + "2\r\nok\r\n0\r\n", false, true))
                .isEqualTo(new Response(200, "ok", false));
    }

    /** RFC 9112 6.3: the fields say how long the answer to GET would be. */
    @Test
    void answersWithoutABodyEndWithTheirFields() {
        byte[] head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n".getBytes(ISO_8859_1);
        assertThat(Answer.read(head, head.length, false, Extent.HEAD))
                .isEqualTo(new Response(200, "", true));
        assertThat(Answer.read(head, head.length - 1, false, Extent.HEAD))
                .isEqualTo(new NeedMore());
        assertThat(read("HTTP/1.1 204 \r\n\r\n", false, true))
                .isEqualTo(new Response(204, "", true));
        assertThat(read("HTTP/1.1 304 \r\n\r\nand more", false, true))
                .isEqualTo(new Response(304, "", false));
    }

    private static String chunkedHead() {
        return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    }

    @Test
    void whatIsNotHttpIsSaidSo() {
        assertThat(read("SSH-2.0-OpenSSH", false, false)).isInstanceOf(NotHttp.class);
        assertThat(read("HTTP/1.1 2oo OK\r\n", false, false)).isInstanceOf(NotHttp.class);
        assertThat(read("", true, false)).isEqualTo(new NotHttp("closed without an answer"));
        assertThat(read("HTTP/1.1 2", true, false)).isInstanceOf(NotHttp.class);
    }

    @Property
    void anyBytesAreAnAnswerOfSomeKind(
            @ForAll byte[] bytes, @ForAll boolean ended, @ForAll Extent extent) {
        Answer answer = Answer.read(bytes, bytes.length, ended, extent);
        if (ended) {
            assertThat(answer).isNotInstanceOf(NeedMore.class);
        }
    }

    @Property
    void anyBytesBehindAHeadAreSomeBody(@ForAll byte[] body, @ForAll boolean chunked) {
        String head = chunked ? chunkedHead() : "HTTP/1.1 200 OK\r\n\r\n";
        String text = head + new String(body, ISO_8859_1);
        assertThat(read(text, true, true)).isInstanceOf(Response.class);
    }
}
