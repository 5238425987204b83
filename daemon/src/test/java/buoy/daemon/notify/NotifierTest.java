package buoy.daemon.notify;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.ConfigFile;
import buoy.config.Reading;
import buoy.config.model.LogSettings;
import buoy.config.model.VirtualRouter;
import buoy.daemon.command.Runner;
import buoy.daemon.log.Log;
import buoy.linux.Kernel;
import buoy.vrrp.RouterState;
import buoy.vrrp.VrrpEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NotifierTest {
    @TempDir Path directory;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Log log =
            Log.open(
                    new LogSettings(LogSettings.Level.INFO, LogSettings.Format.TEXT),
                    new PrintStream(written, true, StandardCharsets.UTF_8));
    private final Notifier notifier = new Notifier(new Runner(Kernel.load()), log);

    @AfterEach
    void close() throws Exception {
        notifier.close();
        log.close();
    }

    private VirtualRouter router(String notify) throws IOException {
        Path file =
                Files.writeString(
                        directory.resolve("buoy.yaml"),
                        """
                        vrrp:
                          web:
                            interface: eth0
                            router-id: 51
                            addresses: [198.51.100.100/24, 198.51.100.101/24]
                            notify: %s
                        """
                                .formatted(notify));
        return ((Reading.Accepted) ConfigFile.read(file))
                .config()
                .routers()
                .values()
                .iterator()
                .next();
    }

    private Path script(String body) throws IOException {
        Path script = directory.resolve("notify");
        Files.writeString(script, "#!/bin/sh\n" + body);
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script;
    }

    private static VrrpEvent.Transition to(RouterState from, RouterState to) {
        return new VrrpEvent.Transition("web", from, to, "the cause", 150);
    }

    @Test
    void theParticularCommandComesBeforeThatForAnyWhichIsToldTheState() throws Exception {
        Path out = directory.resolve("out");
        Path script = script("echo \"$@\" >>%s\n".formatted(out));
        notifier.apply(
                List.of(
                        router(
                                "{active: [%1$s, we are on], backup: [%1$s, off], any: [%1$s]}"
                                        .formatted(script))));
        notifier.changed(to(RouterState.BACKUP, RouterState.ACTIVE));
        await("active told", () -> lines(out).size() == 2);
        notifier.changed(to(RouterState.ACTIVE, RouterState.FAULT));
        await("fault told", () -> lines(out).size() == 3);
        notifier.changed(to(RouterState.FAULT, RouterState.INITIALIZE));
        await("the end told", () -> lines(out).size() == 4);
        assertThat(lines(out))
                .containsExactly(
                        "we are on",
                        "router web active 150",
                        "router web fault 150",
                        "router web initialize 150");
    }

    @Test
    void theExampleOfTheDocumentationWorks() throws Exception {
        Path out = directory.resolve("out");
        String page = Files.readString(Path.of("../docs/operations.md"));
        String example = page.substring(page.indexOf("#!/bin/sh\n")).replaceAll("(?s)```.*", "");
        assertThat(example).contains("/run/buoy/notify.log");
        Path script = script(example.replace("/run/buoy/notify.log", out.toString()));
        notifier.apply(List.of(router("{any: [%s]}".formatted(script))));
        notifier.changed(to(RouterState.BACKUP, RouterState.ACTIVE));
        await("the first told", () -> lines(out).size() == 1);
        notifier.changed(to(RouterState.ACTIVE, RouterState.FAULT));
        await("the second told", () -> lines(out).size() == 2);
        assertThat(lines(out))
                .containsExactly("web is here: the cause", "web is not here (fault): the cause");
    }

    @Test
    void theEnvironmentSaysTheRest() throws Exception {
        Path out = directory.resolve("out");
        Path script =
                script("env | grep ^BUOY | sort >%1$s.new; mv %1$s.new %1$s\n".formatted(out));
        notifier.apply(List.of(router("{active: [%s]}".formatted(script))));
        notifier.changed(to(RouterState.BACKUP, RouterState.ACTIVE));
        await("it told", () -> Files.exists(out));
        assertThat(lines(out))
                .containsExactly(
                        "BUOY_ADDRESSES=198.51.100.100/24 198.51.100.101/24",
                        "BUOY_CAUSE=the cause",
                        "BUOY_INTERFACE=eth0",
                        "BUOY_PRIORITY=150",
                        "BUOY_ROUTER=web",
                        "BUOY_ROUTER_ID=51",
                        "BUOY_STATE=active",
                        "BUOY_STATE_BEFORE=backup");
    }

    @Test
    void oneIsToldAtATimeAndTheNewestStateIsTheLastWord() throws Exception {
        Path out = directory.resolve("out");
        Path go = directory.resolve("go");
        Path script =
                script(
                        """
                        mkdir %1$s.lock || echo overlap >>%1$s
                        echo $3 >>%1$s
                        while ! test -e %2$s; do sleep 0.02; done
                        rmdir %1$s.lock
                        """
                                .formatted(out, go));
        notifier.apply(List.of(router("{any: [%s]}".formatted(script))));
        notifier.changed(to(RouterState.INITIALIZE, RouterState.BACKUP));
        await("the first told", () -> lines(out).size() == 1);
        for (int i = 0; i < 50; i++) {
            notifier.changed(to(RouterState.BACKUP, RouterState.ACTIVE));
            notifier.changed(to(RouterState.ACTIVE, RouterState.BACKUP));
        }
        notifier.changed(to(RouterState.BACKUP, RouterState.ACTIVE));
        Files.createFile(go);
        await("the newest told", () -> lines(out).size() == 2);
        assertThat(lines(out)).containsExactly("backup", "active");
    }

    @Test
    void aFailureAndATimeoutAreSaidAndTheNextIsToldAllTheSame() throws Exception {
        Path script = script("case $3 in active) sleep 1000;; *) echo no; exit 2;; esac\n");
        notifier.apply(List.of(router("{any: [%s], timeout: 100ms}".formatted(script))));
        notifier.changed(to(RouterState.BACKUP, RouterState.ACTIVE));
        await(
                "the timeout in the log",
                () ->
                        logged().contains(
                                        "web: told active: "
                                                + script
                                                + " router web active 150:"
                                                + " killed because it took longer than 100 ms"));
        notifier.apply(List.of(router("{any: [%s], timeout: 30s}".formatted(script))));
        notifier.changed(to(RouterState.ACTIVE, RouterState.BACKUP));
        await(
                "the failure in the log",
                () -> logged().contains("router web backup 150: exit 2: no"));
    }

    @Test
    void atTheEndTheLastWordIsSpokenAndNothingGoesOnForEver() throws Exception {
        Path out = directory.resolve("out");
        Path script =
                script("echo $3 >>%s\ncase $3 in active) exec sleep 1000;; esac\n".formatted(out));
        notifier.apply(List.of(router("{any: [%s]}".formatted(script))));
        notifier.changed(to(RouterState.ACTIVE, RouterState.INITIALIZE));
        notifier.close();
        assertThat(lines(out)).containsExactly("initialize");
        Notifier another = new Notifier(new Runner(Kernel.load()), log);
        another.apply(List.of(router("{any: [%s]}".formatted(script))));
        another.changed(to(RouterState.BACKUP, RouterState.ACTIVE));
        await("it told", () -> lines(out).size() == 2);
        another.close(); // the timeout of this test tells if it does not end
    }

    private String logged() {
        return written.toString(StandardCharsets.UTF_8);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(String what, BooleanSupplier state) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!state.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("not within 60 s: %s", what).isNegative();
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }
}
