package buoy.daemon.privilege;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.linux.Account;
import buoy.linux.Capability;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class PrivilegesTest {
    private static final int ROOT = 0;
    private static final Account BUOY = new Account(990, 991);
    private static final List<String> COMMAND = List.of("/usr/bin/buoy", "run", "-c", "a b.yaml");

    @Test
    void whoeverStartedItWhereNothingIsSaid() throws IOException {
        assertThat(
                        Privileges.of(
                                Optional.empty(),
                                new Ourselves(ROOT, all(), COMMAND),
                                _ -> Optional.empty()))
                .isEqualTo(new Privileges.Settled());
    }

    @Test
    void theUserItIsAlready() throws IOException {
        assertThat(as("buoy", BUOY.user(), Set.of())).isEqualTo(new Privileges.Settled());
    }

    @Test
    void rootBeginsAgainWithWhatIsNeededAlone() throws IOException {
        assertThat(as("buoy", ROOT, all()))
                .isEqualTo(
                        new Privileges.BeginAgain(
                                BUOY,
                                List.of(
                                        "setpriv",
                                        "--reuid=990",
                                        "--regid=991",
                                        "--init-groups",
                                        "--inh-caps=-all,+net_bind_service,+net_admin,+net_raw,+ipc_lock,+sys_nice",
                                        "--ambient-caps=-all,+net_bind_service,+net_admin,+net_raw,+ipc_lock,+sys_nice",
                                        "--no-new-privs",
                                        "--bounding-set=-all,+net_bind_service,+net_admin,+net_raw,+ipc_lock,+sys_nice",
                                        "--",
                                        "/usr/bin/buoy",
                                        "run",
                                        "-c",
                                        "a b.yaml")));
    }

    /** As in a container: the kernel would refuse more. */
    @Test
    void rootWithFewCapabilitiesHandsOnThose() throws IOException {
        assertThat(as("buoy", ROOT, EnumSet.of(Capability.NET_BIND_SERVICE)))
                .asInstanceOf(InstanceOfAssertFactories.type(Privileges.BeginAgain.class))
                .extracting(Privileges.BeginAgain::command, InstanceOfAssertFactories.LIST)
                .contains("--ambient-caps=-all,+net_bind_service")
                .noneMatch(argument -> argument.toString().startsWith("--bounding-set"));
    }

    @Test
    void nobodyElseCan() throws IOException {
        assertThat(as("buoy", 1000, Set.of()))
                .isEqualTo(
                        new Privileges.Refused(
                                "process.user: only root can become buoy, and this is user 1000 (start it as one of them, or remove process.user)"));
    }

    @Test
    void aUserWhoIsNot() throws IOException {
        assertThat(as("bouy", ROOT, all()))
                .isEqualTo(
                        new Privileges.Refused(
                                "process.user: there is no user bouy on this host (useradd --system bouy)"));
    }

    private static Set<Capability> all() {
        return EnumSet.allOf(Capability.class);
    }

    private record Ourselves(int user, Set<Capability> capabilities, List<String> command)
            implements Privileges.Own {}

    private static Privileges as(String user, int own, Set<Capability> had) throws IOException {
        return Privileges.of(
                Optional.of(user),
                new Ourselves(own, had, COMMAND),
                name -> Optional.ofNullable(Map.of("buoy", BUOY).get(name)));
    }
}
