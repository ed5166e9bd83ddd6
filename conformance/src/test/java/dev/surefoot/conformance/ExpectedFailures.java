package dev.surefoot.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The tests that are known to fail with Surefoot, each with its reason. */
final class ExpectedFailures {
    static final ExpectedFailures NONE = new ExpectedFailures(Map.of());

    private static final String RESOURCE = "/expected-failures.txt";

    private final Map<String, ExpectedFailure> byTest;

    private ExpectedFailures(Map<String, ExpectedFailure> byTest) {
        this.byTest = byTest;
    }

    /** Reads the list of this module. */
    static ExpectedFailures read() {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(ExpectedFailures.class.getResourceAsStream(RESOURCE), StandardCharsets.UTF_8))) {
            return parse(lines.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a list.
     *
     * @param lines {@code Class#method | reason | detail}; empty ones and those that begin with a # count for nothing
     * @throws IllegalArgumentException if a line is of another form, or a test is listed twice
     */
    static ExpectedFailures parse(List<String> lines) {
        return new ExpectedFailures(lines.stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(ExpectedFailures::parse)
                .collect(Collectors.toUnmodifiableMap(
                        ExpectedFailure::test, Function.identity(), ExpectedFailures::refuseTwo)));
    }

    private static ExpectedFailure parse(String line) {
        String[] fields = line.split(" \\| ", -1);
        if (fields.length != 3 || !fields[0].matches("\\w+#\\w+") || fields[2].isBlank()) {
            throw new IllegalArgumentException("'" + line + "' is not of the form 'Class#method | reason | detail'.");
        }
        return Arrays.stream(ExpectedFailure.Reason.values())
                .filter(reason -> reason.word().equals(fields[1]))
                .map(reason -> new ExpectedFailure(fields[0], reason, fields[2]))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The reason in '" + line + "' is none of "
                        + Arrays.stream(ExpectedFailure.Reason.values())
                                .map(ExpectedFailure.Reason::word)
                                .toList()
                        + "."));
    }

    private static ExpectedFailure refuseTwo(ExpectedFailure first, ExpectedFailure second) {
        throw new IllegalArgumentException(first.test() + " is listed twice. Remove one of the lines.");
    }

    /** Returns the entry of a test, given as {@code Class#method}. */
    Optional<ExpectedFailure> of(String test) {
        return Optional.ofNullable(byTest.get(test));
    }

    /** Returns all entries. */
    Collection<ExpectedFailure> all() {
        return byTest.values();
    }
}
