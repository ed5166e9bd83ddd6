package dev.surefoot;

import static java.util.stream.Collectors.toCollection;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.surefoot.fixtures.GeneratedText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Holds the diagram of packages in ARCHITECTURE.md against the class files of {@code core} and {@code consumer}. An
 * arrow stands for an import, unless a longer way of arrows leads from the one package to the other.
 */
class ArchitecturePageTest {

    private static final String FACE = "dev.surefoot";
    private static final String CORE = FACE + ".core.";

    @Test
    void theDiagramHasTheImportsOfThePackages() throws IOException {
        Map<String, Set<String>> imports = imports();
        List<String> lines = new ArrayList<>(List.of("```mermaid", "flowchart TB"));
        lines.add("    subgraph consumer");
        imports.keySet().stream().filter(name -> !name.startsWith(CORE)).forEach(name -> lines.add(node(name)));
        lines.add("    end");
        lines.add("    subgraph core");
        imports.keySet().stream().filter(name -> name.startsWith(CORE)).forEach(name -> lines.add(node(name)));
        lines.add("    end");
        imports.forEach((from, targets) -> targets.stream()
                .filter(to -> !isReachedOnALongerWay(from, to, imports))
                .forEach(to -> lines.add("    " + id(from) + " --> " + id(to))));
        lines.add("```");

        new GeneratedText("ARCHITECTURE.md", "packages").mustBe(lines);
    }

    /** The packages of main code, each with the packages that its classes depend on. */
    private static Map<String, Set<String>> imports() {
        Map<String, Set<String>> imports = new TreeMap<>();
        for (JavaClass type : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(new ArchitectureTest.DoNotIncludeFixtures())
                .importPackages(FACE)) {
            Set<String> targets = imports.computeIfAbsent(type.getPackageName(), name -> new TreeSet<>());
            targets.addAll(type.getDirectDependenciesFromSelf().stream()
                    .map(Dependency::getTargetClass)
                    .map(JavaClass::getBaseComponentType)
                    .map(JavaClass::getPackageName)
                    .filter(name -> name.equals(FACE) || name.startsWith(FACE + "."))
                    .filter(name -> !name.equals(type.getPackageName()))
                    .collect(toCollection(TreeSet::new)));
        }
        return imports;
    }

    private static boolean isReachedOnALongerWay(String from, String to, Map<String, Set<String>> imports) {
        return imports.get(from).stream().anyMatch(by -> !by.equals(to) && reaches(by, to, imports));
    }

    private static boolean reaches(String from, String to, Map<String, Set<String>> imports) {
        return imports.get(from).stream().anyMatch(next -> next.equals(to) || reaches(next, to, imports));
    }

    private static String node(String name) {
        return "        " + id(name) + "[" + (name.equals(FACE) ? name : name.substring(name.lastIndexOf('.') + 1))
                + "]";
    }

    /** Mermaid takes no dots in the name of a node, and {@code end} would be a word of its own. */
    private static String id(String name) {
        return name.substring("dev.".length()).replace('.', '_');
    }
}
