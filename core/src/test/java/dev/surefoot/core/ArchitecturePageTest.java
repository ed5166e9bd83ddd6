package dev.surefoot.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Holds the table of floors in ARCHITECTURE.md against the rule that enforces them and against the packages that exist.
 */
class ArchitecturePageTest {

    private static final String BASE = "dev.surefoot.core.";
    private static final Pattern ROW = Pattern.compile("^\\| (\\d) \\| `(\\w+)` \\| ([^|]*) \\|", Pattern.MULTILINE);

    @Test
    void theTableHasTheFloorsThatAreEnforced() throws IOException {
        Map<String, Integer> table = new TreeMap<>();
        Matcher row = ROW.matcher(page());
        while (row.find()) {
            table.put(row.group(2), Integer.valueOf(row.group(1)));
        }

        assertThat(table).isEqualTo(new TreeMap<>(ArchitectureTest.FLOORS));
    }

    @Test
    void theTableLeavesRoomWhereThereIsNoClassYet() throws IOException {
        Set<String> described = new TreeSet<>();
        Matcher row = ROW.matcher(page());
        while (row.find()) {
            if (!row.group(3).startsWith("room left")) {
                described.add(row.group(2));
            }
        }

        assertThat(described).isEqualTo(packages());
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("").toAbsolutePath().resolveSibling("ARCHITECTURE.md"));
    }

    private static Set<String> packages() {
        Set<String> packages = new TreeSet<>();
        for (JavaClass type : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.surefoot.core")) {
            packages.add(type.getPackageName().substring(BASE.length()).replaceAll("\\..*", ""));
        }
        return packages;
    }
}
