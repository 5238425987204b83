package buoy.daemon.privilege;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As systemd reads units and what is dropped into them. */
class ServiceUserTest {
    @TempDir Path root;

    private void file(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Optional<String> user() {
        return ServiceUser.of(root).map(ServiceUser::name);
    }

    @Test
    void withoutAUnitThereIsNone() throws IOException {
        assertThat(ServiceUser.of(root)).isEmpty();
        file("etc/systemd/system/buoy.service.d/x.conf", "[Service]\nUser=ann\n");
        assertThat(ServiceUser.of(root)).isEmpty();
    }

    @Test
    void theUnitOfThePackageSaysIt() throws IOException {
        Path unit = Path.of(System.getProperty("buoy.root"), "packaging/files/buoy.service");
        file("lib/systemd/system/buoy.service", Files.readString(unit));
        assertThat(user()).contains("buoy");
    }

    @Test
    void whatIsDroppedInHasItsWay() throws IOException {
        file("usr/lib/systemd/system/buoy.service", "[Service]\nUser=buoy\n");
        file("usr/lib/systemd/system/buoy.service.d/10.conf", "[Service]\nUser=ann\n");
        assertThat(user()).contains("ann");
        file("etc/systemd/system/buoy.service.d/10.conf", "[Service]\nUser = ben\n");
        assertThat(user()).contains("ben");
        file("run/systemd/system/buoy.service.d/20.conf", "[Unit]\nUser=x\n[Service]\n#User=y\n");
        assertThat(user()).contains("ben");
        file("run/systemd/system/buoy.service.d/30.conf", "[Service]\nUser=\n");
        assertThat(ServiceUser.of(root)).as("as root").isEmpty();
        file("run/systemd/system/buoy.service.d/40.conf", "[Service]\nUser=root\n");
        assertThat(ServiceUser.of(root)).isEmpty();
    }

    @Test
    void anOperatorsUnitStandsForThePackages() throws IOException {
        file("usr/lib/systemd/system/buoy.service", "[Service]\nUser=buoy\n");
        file("etc/systemd/system/buoy.service", "[Service]\nUser=lb\n");
        assertThat(user()).contains("lb");
    }

    @Test
    void itHasTheGroupsOfTheUnitAndOfWhatIsDroppedIn() throws IOException {
        file(
                "usr/lib/systemd/system/buoy.service",
                "[Service]\nUser=buoy\nGroup=buoy\nSupplementaryGroups=a b\n");
        file(
                "etc/systemd/system/buoy.service.d/10.conf",
                "[Service]\nSupplementaryGroups = ssl-cert 7\n");
        assertThat(ServiceUser.of(root).orElseThrow().groups())
                .containsExactly("buoy", "a", "b", "ssl-cert", "7");
        file(
                "etc/systemd/system/buoy.service.d/10.conf",
                "[Service]\nGroup=lb\nSupplementaryGroups=\nSupplementaryGroups=ssl-cert\n");
        assertThat(ServiceUser.of(root).orElseThrow().groups()).containsExactly("lb", "ssl-cert");
    }
}
