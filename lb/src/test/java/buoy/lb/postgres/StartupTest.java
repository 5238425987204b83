package buoy.lb.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lb.postgres.Startup.DirectTls;
import buoy.lb.postgres.Startup.Hello;
import buoy.lb.postgres.Startup.NeedMore;
import buoy.lb.postgres.Startup.NotPostgres;
import buoy.lb.postgres.Startup.WantsCancel;
import buoy.lb.postgres.Startup.WantsGss;
import buoy.lb.postgres.Startup.WantsTls;
import buoy.lb.postgres.StartupParameters.Parameter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class StartupTest {
    private static Startup read(String hex) {
        return Startup.read(ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", ""))));
    }

    @Test
    void requestsForEncryptionAreEightBytes() {
        assertThat(read("00000008 04d2162f")).isEqualTo(new WantsTls());
        assertThat(read("00000008 04d21630")).isEqualTo(new WantsGss());
        assertThat(read("00000009 04d2162f 00")).isInstanceOf(NotPostgres.class);
    }

    @Test
    void bytesBehindARequestStayForTheServerToJudge() {
        // CVE-2021-23214: whoever ends the encryption must refuse them; we pass it through.
        assertThat(read("00000008 04d2162f 16030100")).isEqualTo(new WantsTls());
    }

    private static WantsCancel cancel(int length, String key) {
        return new WantsCancel(length, new CancelKey(HexFormat.of().parseHex(key)));
    }

    @Test
    void aCancelKeyMayBeLongSinceProtocolThreeDotTwo() {
        assertThat(read("00000010 04d2162e 00000001 aabbccdd"))
                .isEqualTo(cancel(16, "00000001aabbccdd"));
        String longKey = "aa".repeat(32);
        assertThat(read("0000002c 04d2162e 00000001" + longKey))
                .isEqualTo(cancel(44, "00000001" + longKey));
        String longest = "aa".repeat(256);
        assertThat(read("0000010c 04d2162e 00000001" + longest))
                .isEqualTo(cancel(268, "00000001" + longest));
        assertThat(read("0000010d 04d2162e 00000001" + longest + "aa"))
                .isInstanceOf(NotPostgres.class);
        assertThat(read("0000000c 04d2162e 00000001")).isInstanceOf(NotPostgres.class);
        assertThat(read("00000010 04d2162e 00000001 aabb")).isEqualTo(new NeedMore(16));
    }

    @Test
    void aStartupMessageNamesItsVersion() {
        // user \0 bob \0 \0
        String parameters = "7573657200 626f6200 00";
        StartupParameters bob = new StartupParameters(List.of(new Parameter("user", "bob")));
        assertThat(read("00000012 00030000" + parameters)).isEqualTo(new Hello(18, 3, 0, bob));
        assertThat(read("00000012 00030002" + parameters)).isEqualTo(new Hello(18, 3, 2, bob));
        assertThat(read("00000012 00020000" + parameters)).isInstanceOf(NotPostgres.class);
    }

    @Test
    void parametersEndWithTheMessage() {
        assertThat(read("00000009 00030000 00"))
                .isEqualTo(new Hello(9, 3, 0, new StartupParameters(List.of())));
        assertThat(read("00000012 00030000 7573657200 626f6200 01"))
                .isInstanceOf(NotPostgres.class);
        assertThat(read("0000000a 00030000 0000")).isInstanceOf(NotPostgres.class);
        assertThat(read("00000008 00030000")).isInstanceOf(NotPostgres.class);
    }

    private static StartupParameters parameters(String... namesAndValues) {
        List<Parameter> all = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            all.add(new Parameter(namesAndValues[i], namesAndValues[i + 1]));
        }
        return new StartupParameters(all);
    }

    @Test
    void theDatabaseIsNamedAsTheUserUnlessNamed() {
        assertThat(parameters("user", "bob").database()).isEqualTo("bob");
        assertThat(parameters("user", "bob", "database", "").database()).isEqualTo("bob");
        assertThat(parameters("database", "shop", "user", "bob").database()).isEqualTo("shop");
        assertThat(parameters("application_name", "x").user()).isEmpty();
    }

    @Test
    void ofANameGivenTwiceTheLastCountsAsForTheServer() {
        assertThat(parameters("user", "bob", "user", "eve").user()).isEqualTo("eve");
    }

    private static Optional<String> role(String options) {
        return parameters("user", "bob", "options", options).set("buoy.role");
    }

    @Test
    void optionsSetParametersAsOnTheServersCommandLine() {
        assertThat(role("-c buoy.role=replica")).contains("replica");
        assertThat(role("-cbuoy.role=replica")).contains("replica");
        assertThat(role("--buoy.role=replica")).contains("replica");
        assertThat(role(" -c\tBUOY.Role=a\\ b\\\\ -c x=y")).contains("a b\\");
        assertThat(role("-c buoy.role=a --buoy.role=b")).contains("b");
        assertThat(role("-E -ec buoy.role=a -d 1")).contains("a");
        assertThat(role("-c buoy.role=")).contains("");
        assertThat(role("-d -c buoy.role=a")).isEmpty(); // -c is what -d is followed by
        assertThat(role("--search-path=a")).isEmpty();
        assertThat(parameters("options", "--search-path=a").set("search_path")).contains("a");
    }

    @Test
    void whatTheServerRefusesInOptionsSetsNothing() {
        for (String options :
                List.of(
                        "",
                        "-",
                        "--",
                        "x -c buoy.role=a",
                        "-c",
                        "-c buoy.role",
                        "-Z -c buoy.role=a")) {
            assertThat(role(options)).as(options).isEmpty();
        }
    }

    @Test
    void aParameterOfItsOwnGoesBeforeOneInOptions() {
        assertThat(
                        parameters("Buoy.Role", "a", "buoy.role", "b", "options", "-c buoy.role=c")
                                .set("buoy.role"))
                .contains("b");
        assertThat(parameters("user", "bob").set("buoy.role")).isEmpty();
    }

    @Property
    void anyOptionsAreAnAnswer(@ForAll String options) {
        assertThat(role(options)).isNotNull();
    }

    @Test
    void namesAreReadAsUtf8() {
        String octets =
                new String("Grüße".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(parameters("user", octets).user()).isEqualTo("Grüße");
    }

    @Test
    void directTlsIsSeenFromItsFirstByte() {
        assertThat(read("16")).isEqualTo(new DirectTls());
    }

    @Test
    void lengthsOutOfBoundsAreRefusedBeforeTheyAreWaitedFor() {
        assertThat(read("00002711 00030000")).isInstanceOf(NotPostgres.class);
        assertThat(read("00000007 00030000")).isInstanceOf(NotPostgres.class);
        assertThat(read("ffffffff 00030000")).isInstanceOf(NotPostgres.class);
        assertThat(read("47455420 2f204854")).isInstanceOf(NotPostgres.class);
    }

    @Property
    void anyBytesAreAMessageOfSomeKindAndNothingIsConsumed(@ForAll byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        Startup message = Startup.read(buffer);
        assertThat(buffer.position()).isZero();
        if (message instanceof NeedMore(int wanted)) {
            assertThat(wanted).isGreaterThan(bytes.length).isLessThanOrEqualTo(Startup.MOST);
        }
    }

    @Property
    void everyPrefixOfAMessageNeedsMore(@ForAll @Size(min = 1, max = 200) byte[] value) {
        for (int i = 0; i < value.length; i++) {
            value[i] = value[i] == 0 ? 1 : value[i];
        }
        int length = 8 + 5 + value.length + 1 + 1;
        byte[] message =
                ByteBuffer.allocate(length)
                        .putInt(length)
                        .putInt(3 << 16)
                        .put("user\0".getBytes(StandardCharsets.US_ASCII))
                        .put(value)
                        .array();
        Parameter user = new Parameter("user", new String(value, StandardCharsets.ISO_8859_1));
        assertThat(Startup.read(ByteBuffer.wrap(message)))
                .isEqualTo(new Hello(length, 3, 0, new StartupParameters(List.of(user))));
        for (int cut = 0; cut < length; cut++) {
            assertThat(Startup.read(ByteBuffer.wrap(message, 0, cut))).isInstanceOf(NeedMore.class);
        }
    }

    @Test
    void anErrorResponseHasItsFieldsInPostgresForm() {
        byte[] error = new Refusal("57P03", "no").message();
        assertThat(HexFormat.of().formatHex(error))
                .isEqualTo(
                        "45"
                                + "0000001e"
                                + "53464154414c00" // SFATAL
                                + "56464154414c00" // VFATAL
                                + "43353750303300" // C57P03
                                + "4d6e6f00" // Mno
                                + "00");
    }
}
