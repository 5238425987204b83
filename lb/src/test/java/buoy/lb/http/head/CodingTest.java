package buoy.lb.http.head;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Compression;
import buoy.config.model.Compression.Encoding;
import buoy.lb.http.head.Coding.Choice;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Accept-Encoding says (RFC 9110 12.5.3). */
class CodingTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip | true",
                "x-gzip | true",
                "GZip | true",
                "deflate, gzip | true",
                "deflate,br | false",
                "'' | false",
                "* | true",
                "*;q=0 | false",
                "gzip;q=0 | false",
                "gzip;q=0.000, * | false",
                "gzip;q=0.001 | true",
                "gzip ; q=0.5 | true",
                "gzip;q=0.5, identity | false",
                "gzip;q=0.5, identity;q=0.5 | true",
                "gzip;q=1.0, identity;q=0.5, *;q=0 | true",
                "*;q=0.2, identity;q=0 | true",
                "gzip;q=2 | false",
                "gzip;q=x | false",
                "gzip;level=1 | false",
                "gzipped | false",
            })
    void isWanted(String value, boolean wanted) {
        RequestHead head = new RequestHead(1024, 10);
        byte[] bytes =
                ("GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: " + value + "\r\n\r\n")
                        .getBytes(ISO_8859_1);
        head.add(bytes, 0, bytes.length);
        assertThat(head.parse()).isEqualTo(Parsed.COMPLETE);
        assertThat(new Coding(new Compression(List.of(), 0)).wanted(head))
                .isEqualTo(wanted ? Choice.GZIP : Choice.NOT_WANTED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip, deflate, br, zstd | ZSTD",
                "gzip, br | BR",
                "gzip;q=0.9, br;q=0.8 | GZIP",
                "* | ZSTD",
                "*, zstd;q=0 | BR",
                "br;q=0.1, identity;q=0.2, gzip;q=0.2 | GZIP",
                "deflate | NOT_WANTED",
            })
    void whatIsTakenMostGladlyIsChosen(String value, Choice choice) {
        Coding all =
                new Coding(
                        new Compression(
                                List.of(), 0, List.of(Encoding.ZSTD, Encoding.BR, Encoding.GZIP)));
        RequestHead head =
                Heads.request("GET / HTTP/1.1\nHost: a\nAccept-Encoding: " + value + "\n\n");
        assertThat(all.wanted(head)).isEqualTo(choice);
    }

    @ParameterizedTest
    @CsvSource({
        "200, 5, GZIP",
        "200, 0, NONE",
        "201, 5, GZIP",
        "204, 5, NONE",
        "205, 5, NONE",
        "206, 5, NONE",
        "304, 5, NONE"
    })
    void whatHasNoContentIsLeftAsItIs(int status, int length, Coding.Choice choice) {
        Coding any = new Coding(new Compression(List.of("text/*"), 0));
        RequestHead request = Heads.request("GET / HTTP/1.1\nHost: a\nAccept-Encoding: gzip\n\n");
        ResponseHead response =
                Heads.response(
                        """
                        HTTP/1.1 %d X
                        Content-Type: text/plain
                        Content-Length: %d

                        """
                                .formatted(status, length));
        assertThat(any.choose(request, response)).isEqualTo(choice);
    }
}
