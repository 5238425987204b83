package buoy.lb.health;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ScramTest {
    private static final String NONCE = "rOprNGfwEbeRWgbNEkqO";

    /** The exchange of RFC 7677 3. */
    @Test
    void theStandardsExampleComesOut() {
        Scram scram = new Scram("user", "pencil", NONCE);
        assertThat(scram.first()).isEqualTo("n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        assertThat(
                        scram.answer(
                                "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"))
                .contains(
                        new Scram.Proof(
                                "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                                "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
    }

    @Test
    void aServerThatMakesNoSenseIsNotAnswered() {
        Scram scram = new Scram("user", "pencil", NONCE);
        for (String first :
                new String[] {
                    "",
                    "r=another,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
                    "r=" + NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
                    "r=" + NONCE + "x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=0",
                    "r=" + NONCE + "x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=9999999",
                    "r=" + NONCE + "x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=-1",
                    "r=" + NONCE + "x,s=W22ZaJ0SNY7soEsUEjb6gQ==",
                    "r=" + NONCE + "x,s=?,i=1",
                    "e=invalid-proof"
                }) {
            assertThat(scram.answer(first)).as(first).isEmpty();
        }
    }

    @Property(tries = 200)
    void whateverTheServerSaysIsReadWithoutAFault(@ForAll String said) {
        assertThat(new Scram("", "pencil", NONCE).answer("r=" + said)).isEmpty();
    }

    @Test
    void passwordsAreBroughtIntoOneForm() {
        assertThat(Scram.prepared("plain")).isEqualTo("plain");
        assertThat(Scram.prepared("I\u00ADX")).isEqualTo("IX");
        assertThat(Scram.prepared("a\u00A0b")).isEqualTo("a b");
        assertThat(Scram.prepared("\u00AA")).isEqualTo("a");
        assertThat(Scram.prepared("\u2168")).isEqualTo("IX");
    }
}
