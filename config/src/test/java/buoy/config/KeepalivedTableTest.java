package buoy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whoever comes from keepalived finds every option, if only to read why it is not here. */
class KeepalivedTableTest {
    private static final Path ROOT = Path.of(System.getProperty("buoy.root"));

    @Test
    void everyOptionHasARowInTheSectionOfItsBlock() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/vrrp.md"));
        List<String> missing = new ArrayList<>();
        for (String line :
                Files.readAllLines(Path.of("src/test/resources/keepalived-options.txt"))) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String block = line.substring(0, line.indexOf(':'));
            String names = firstColumn(page, block);
            for (String option : line.substring(line.indexOf(':') + 1).strip().split(" ", -1)) {
                if (!names.contains("`" + option + "`")) {
                    missing.add(block + " " + option);
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    /** What stands in the first column of the tables of a section. */
    private static String firstColumn(String page, String block) {
        Matcher section = Pattern.compile("(?ms)^### " + block + "\\b.*?(?=^##)").matcher(page);
        assertThat(section.find()).as(block).isTrue();
        StringBuilder names = new StringBuilder();
        section.group()
                .lines()
                .filter(row -> row.startsWith("|"))
                .forEach(row -> names.append(row, 0, row.indexOf('|', 1)));
        return names.toString();
    }
}
