package buoy.lb.login;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.BasicAuth.Users;
import buoy.config.model.Secret;
import buoy.lb.login.Logins.Answer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoginsTest {
    /** "secret". */
    private static final Secret HASH = new Secret("$apr1$DY7C/G3Z$t6Ngn2PIwNhQKnoNcP8sx/");

    /** "secret", which takes long enough for others to come meanwhile. */
    private static final Secret SLOW =
            new Secret(
                    "$6$rounds=20000$m0AmgHDG4btM6LA5$g86csRPqcTQsFSIPdgHyXEL/vzbNxyjvg9/b7m2DG6pqOsBhDh0Ud8kG.ckILXhpyifgGPXKdUteQhpf7rAug0");

    private static final Users USERS = new Users(Map.of("ann", HASH));

    private final BlockingQueue<Answer> told = new LinkedBlockingQueue<>();

    private static Credentials pair(String name, String password) {
        String text = name + ":" + password;
        byte[] octets =
                ("Basic " + Base64.getEncoder().encodeToString(text.getBytes(UTF_8)))
                        .getBytes(US_ASCII);
        return Objects.requireNonNull(Credentials.of(octets, 0, octets.length));
    }

    private Answer ask(Logins logins, Users users, Credentials credentials) throws Exception {
        logins.ask(users, credentials, told::add);
        return Objects.requireNonNull(told.poll(30, TimeUnit.SECONDS));
    }

    @Test
    void whatWasFoundRightIsKnownAndNothingElseIs() throws Exception {
        try (Logins logins = new Logins()) {
            assertThat(logins.knows(USERS, pair("ann", "secret"))).isFalse();
            assertThat(ask(logins, USERS, pair("ann", "wrong"))).isEqualTo(Answer.WRONG);
            assertThat(logins.knows(USERS, pair("ann", "wrong"))).isFalse();
            assertThat(ask(logins, USERS, pair("ann", "secret"))).isEqualTo(Answer.RIGHT);
            assertThat(logins.knows(USERS, pair("ann", "secret"))).isTrue();
            assertThat(logins.knows(USERS, pair("ann", "secret2"))).isFalse();
            assertThat(logins.knows(USERS, pair("bob", "secret"))).isFalse();
        }
    }

    @Test
    void whoHasAnotherHashNowIsNotKnown() throws Exception {
        try (Logins logins = new Logins()) {
            assertThat(ask(logins, USERS, pair("ann", "secret"))).isEqualTo(Answer.RIGHT);
            assertThat(logins.knows(new Users(Map.of("ann", SLOW)), pair("ann", "secret")))
                    .isFalse();
            assertThat(logins.knows(new Users(Map.of("bob", HASH)), pair("ann", "secret")))
                    .isFalse();
        }
    }

    @Test
    void whoIsNotThereIsWrongEvenWithTheFirstOnesPassword() throws Exception {
        try (Logins logins = new Logins()) {
            assertThat(ask(logins, USERS, pair("bob", "secret"))).isEqualTo(Answer.WRONG);
            assertThat(logins.knows(USERS, pair("bob", "secret"))).isFalse();
        }
    }

    @Test
    void whoTriesManyTakesNothingFromOthers() throws Exception {
        Users slow = new Users(Map.of("ann", SLOW));
        try (Logins logins = new Logins(1, 8)) {
            for (int i = 0; i < 20; i++) {
                logins.ask(slow, pair("ann", "other " + i), 7, told::add);
            }
            BlockingQueue<Answer> another = new LinkedBlockingQueue<>();
            logins.ask(slow, pair("ann", "secret"), 8, another::add);
            assertThat(another.poll(30, TimeUnit.SECONDS)).isEqualTo(Answer.RIGHT);
            List<Answer> answers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                answers.add(Objects.requireNonNull(told.poll(30, TimeUnit.SECONDS)));
            }
            assertThat(answers).contains(Answer.WRONG, Answer.TOO_MANY);

            logins.ask(slow, pair("ann", "at last"), 7, told::add);
            assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo(Answer.WRONG);
        }
    }

    @Test
    void equalOnesThatComeTogetherAreLookedAtOnceAndTooManyAreTurnedAway() throws Exception {
        Users slow = new Users(Map.of("ann", SLOW));
        try (Logins logins = new Logins(1, 1)) {
            // One is looked at, one waits; nothing else has room.
            for (int i = 0; i < 20; i++) {
                logins.ask(slow, pair("ann", "secret"), told::add);
            }
            for (int i = 0; i < 20; i++) {
                logins.ask(slow, pair("ann", "other " + i), told::add);
            }
            List<Answer> answers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                answers.add(Objects.requireNonNull(told.poll(30, TimeUnit.SECONDS)));
            }
            assertThat(answers).filteredOn(Answer.RIGHT::equals).hasSize(20);
            assertThat(answers).filteredOn(Answer.TOO_MANY::equals).isNotEmpty();
            assertThat(answers).filteredOn(Answer.WRONG::equals).isNotEmpty();
            assertThat(ask(logins, slow, pair("ann", "another"))).isEqualTo(Answer.WRONG);
        }
    }
}
