package buoy.lb.http.head;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

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
        assertThat(Coding.wants(head)).isEqualTo(wanted);
    }
}
