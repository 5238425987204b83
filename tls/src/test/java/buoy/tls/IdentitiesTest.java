package buoy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IdentitiesTest {
    /**
     * Stands for an identity: its own name first, then whether its key is EC, then its DNS names.
     */
    private record Card(String name, boolean ecdsa, List<String> names) {}

    private static final Card FIRST =
            new Card("first", false, List.of("one.example", "*.one.example"));
    private static final Card SECOND =
            new Card("second", false, List.of("two.example", "deep.one.example"));

    @Test
    void anExactNameGoesBeforeAWildcard() {
        assertThat(choose(false, "deep.one.example", FIRST, SECOND)).contains(SECOND);
        assertThat(choose(false, "other.one.example", SECOND, FIRST)).contains(FIRST);
    }

    @Test
    void aWildcardStandsForOneLabel() {
        assertThat(choose(true, "a.b.one.example", FIRST)).isEmpty();
        assertThat(choose(true, ".one.example", FIRST)).isEmpty();
        assertThat(choose(true, "a.one.example", FIRST)).contains(FIRST);
    }

    @Test
    void anUnknownNameGetsTheFirstOrNothing() {
        assertThat(choose(false, "none.example", FIRST, SECOND)).contains(FIRST);
        assertThat(choose(true, "none.example", FIRST, SECOND)).isEmpty();
    }

    @Test
    void aHostIsServedWithACertificateThatIsForIt() {
        Identities<Card> both = identities(false, FIRST, SECOND);
        assertThat(both.misses(FIRST, "one.example")).isFalse();
        assertThat(both.misses(FIRST, "a.one.example")).isFalse();
        assertThat(both.misses(FIRST, "deep.one.example"))
                .as("its wildcard is for it too, whatever would be chosen")
                .isFalse();
        assertThat(both.misses(FIRST, "two.example")).isTrue();
        assertThat(both.misses(SECOND, "one.example")).isTrue();
        assertThat(both.misses(SECOND, "a.one.example")).isTrue();
        assertThat(both.misses(SECOND, "deep.one.example")).isFalse();
        assertThat(both.misses(SECOND, "198.51.100.1")).as("nobody's").isFalse();
        assertThat(both.misses(SECOND, "none.example")).isFalse();
        assertThat(identities(true, FIRST, SECOND).misses(SECOND, "none.example")).isTrue();
        assertThat(identities(true, FIRST, SECOND).misses(SECOND, "two.example")).isFalse();
    }

    @Test
    void whatTwoKeysHaveInCommonBothServe() {
        Card rsa = new Card("rsa", false, List.of("x.example", "y.example"));
        Card ec = new Card("ec", true, List.of("x.example"));
        Identities<Card> both = identities(false, rsa, ec);
        assertThat(both.misses(ec, "x.example")).isFalse();
        assertThat(both.misses(rsa, "x.example")).isFalse();
        assertThat(both.misses(ec, "y.example")).isTrue();
    }

    @Test
    void aClientWithoutANameIsUnknown() {
        assertThat(
                        identities(false, SECOND, FIRST)
                                .choose(new ClientHello(Optional.empty(), true, false)))
                .contains(SECOND);
        assertThat(identities(true, FIRST).choose(new ClientHello(Optional.empty(), true, false)))
                .isEmpty();
    }

    @Test
    void rsaAndEcdsaForOneNameServeWhoeverCanUseThem() {
        Card rsa = new Card("rsa", false, List.of("x.example"));
        Card ec = new Card("ec", true, List.of("x.example"));
        Identities<Card> both = identities(false, rsa, ec);

        assertThat(both.choose(new ClientHello(Optional.of("x.example"), true, false)))
                .contains(ec);
        assertThat(both.choose(new ClientHello(Optional.of("x.example"), false, false)))
                .contains(rsa);
        assertThat(both.choose(new ClientHello(Optional.empty(), true, false))).contains(ec);
    }

    private static Optional<Card> choose(boolean refuseUnknown, String name, Card... cards) {
        return identities(refuseUnknown, cards)
                .choose(new ClientHello(Optional.of(name), false, false));
    }

    private static Identities<Card> identities(boolean refuseUnknown, Card... cards) {
        return new Identities<>(List.of(cards), Set.of(), Card::names, Card::ecdsa, refuseUnknown);
    }

    @Test
    void aNameWhoseCertificateIsAwaitedGetsNoOther() {
        Identities<Card> some =
                new Identities<>(
                        List.of(FIRST), Set.of("new.example"), Card::names, Card::ecdsa, false);
        ClientHello asks = new ClientHello(Optional.of("new.example"), true, false);
        ClientHello other = new ClientHello(Optional.of("else.example"), true, false);

        assertThat(some.choose(asks)).isEmpty();
        assertThat(some.awaits(asks)).isTrue();
        assertThat(some.choose(other)).contains(FIRST);
        assertThat(some.awaits(other)).isFalse();
    }

    @Test
    void whereNothingIsThereYetEverybodyWaits() {
        Identities<Card> none =
                new Identities<>(List.of(), Set.of("new.example"), Card::names, Card::ecdsa, true);
        ClientHello any = new ClientHello(Optional.empty(), true, false);

        assertThat(none.choose(any)).isEmpty();
        assertThat(none.awaits(any)).isTrue();
        assertThat(none.any()).isEmpty();
    }
}
