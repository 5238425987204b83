package buoy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
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
    void aClientWithoutANameIsUnknown() {
        assertThat(identities(false, SECOND, FIRST).choose(new ClientHello(Optional.empty(), true)))
                .contains(SECOND);
        assertThat(identities(true, FIRST).choose(new ClientHello(Optional.empty(), true)))
                .isEmpty();
    }

    @Test
    void rsaAndEcdsaForOneNameServeWhoeverCanUseThem() {
        Card rsa = new Card("rsa", false, List.of("x.example"));
        Card ec = new Card("ec", true, List.of("x.example"));
        Identities<Card> both = identities(false, rsa, ec);

        assertThat(both.choose(new ClientHello(Optional.of("x.example"), true))).contains(ec);
        assertThat(both.choose(new ClientHello(Optional.of("x.example"), false))).contains(rsa);
        assertThat(both.choose(new ClientHello(Optional.empty(), true))).contains(ec);
    }

    private static Optional<Card> choose(boolean refuseUnknown, String name, Card... cards) {
        return identities(refuseUnknown, cards).choose(new ClientHello(Optional.of(name), false));
    }

    private static Identities<Card> identities(boolean refuseUnknown, Card... cards) {
        return new Identities<>(List.of(cards), Card::names, Card::ecdsa, refuseUnknown);
    }
}
