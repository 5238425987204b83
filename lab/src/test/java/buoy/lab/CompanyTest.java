package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every lab says whether others may run beside it. */
class CompanyTest {
    @Test
    void everyLabSaysWhetherOthersMayRunBesideIt() throws Exception {
        List<Class<?>> labs = labs();
        assertThat(labs).hasSizeGreaterThan(10);
        assertThat(labs)
                .allMatch(
                        lab ->
                                lab.isAnnotationPresent(Alone.class)
                                        != lab.isAnnotationPresent(BesideOthers.class),
                        "is either @Alone or @BesideOthers");
    }

    private static List<Class<?>> labs()
            throws IOException, URISyntaxException, ClassNotFoundException {
        Path classes =
                Path.of(
                        CompanyTest.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        try (Stream<Path> files = Files.walk(classes)) {
            List<String> names =
                    files.map(file -> classes.relativize(file).toString())
                            .filter(name -> name.endsWith("IT.class"))
                            .map(name -> name.replace(".class", "").replace('/', '.'))
                            .toList();
            List<Class<?>> labs = new ArrayList<>();
            for (String name : names) {
                labs.add(Class.forName(name));
            }
            return labs;
        }
    }
}
