package dev.surefoot.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * A line of the list that Surefire reads, about one of Kafka's classes.
 *
 * @param name of the class, with its package
 * @param methods the tests of it that are run; empty for all
 */
record TestedClass(String name, Set<String> methods) {
    private static final String RESOURCE = "/tested-classes.txt";
    /** Where Kafka's classes are; those in Scala have the shorter one. */
    private static final List<String> KAFKA = List.of("org/apache/kafka/", "kafka/");

    /** Returns all of them. */
    static List<TestedClass> all() throws IOException {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(TestedClass.class.getResourceAsStream(RESOURCE), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> KAFKA.stream().anyMatch(line::startsWith))
                    .map(TestedClass::of)
                    .toList();
        }
    }

    private static TestedClass of(String line) {
        String[] parts = line.split("#", 2);
        return new TestedClass(
                parts[0].replaceFirst("\\.java$", "").replace('/', '.'),
                parts.length == 1 ? Set.of() : Set.of(parts[1].split("\\+")));
    }

    /** Whether a test of the class is run. */
    boolean runs(String method) {
        return methods.isEmpty() || methods.contains(method);
    }
}
