package dev.surefoot.core.group;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A table of what each input does in each state, compared with a file that is kept beside the tests. A difference is a
 * change of behaviour: if it is meant, {@code -Dsurefoot.tables=rewrite} writes the file anew, and the difference is to
 * be read line by line.
 *
 * @param <S> what has a state and takes inputs
 */
final class GoldenTable<S> {
    private record Input<S>(Predicate<S> applies, Consumer<S> apply) {}

    private final Map<String, Supplier<S>> states = new LinkedHashMap<>();
    private final Map<String, Input<S>> inputs = new LinkedHashMap<>();

    /** A state, reached anew for each input. */
    void state(String name, Supplier<S> reached) {
        assertThat(states.put(name, reached)).as(name).isNull();
    }

    void input(String name, Consumer<S> apply) {
        input(name, anything -> true, apply);
    }

    /** @param applies whether the input can occur at all */
    void input(String name, Predicate<S> applies, Consumer<S> apply) {
        assertThat(inputs.put(name, new Input<>(applies, apply))).as(name).isNull();
    }

    /**
     * Compares the whole table. A row that equals an earlier one of the same state names that one.
     *
     * @param row what to write down of one input in one state
     */
    void compare(String file, BiFunction<S, Consumer<S>, String> row) {
        List<String> lines = new ArrayList<>();
        states.forEach((state, reached) -> {
            lines.add("## " + state);
            Map<String, String> first = new HashMap<>();
            inputs.forEach((name, input) -> {
                S subject = reached.get();
                if (input.applies().test(subject)) {
                    String outcome = row.apply(subject, input.apply());
                    String same = first.putIfAbsent(outcome, name);
                    lines.add(name + (same == null ? ": " + outcome : " = " + same));
                }
            });
        });
        if (System.getProperty("surefoot.tables", "").equals("rewrite")) {
            write(file, lines);
        }
        assertThat(lines).isEqualTo(read(file));
    }

    List<String> states() {
        return List.copyOf(states.keySet());
    }

    /** Does the same with each input in this state. */
    void walk(String state, BiConsumer<S, Consumer<S>> step) {
        Supplier<S> reached = Objects.requireNonNull(states.get(state), state);
        inputs.forEach((name, input) -> {
            try {
                S subject = reached.get();
                if (input.applies().test(subject)) {
                    step.accept(subject, input.apply());
                }
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(state + ", " + name + ": " + e.getMessage(), e);
            }
        });
    }

    private static void write(String file, List<String> lines) {
        Path path = Path.of("src/test/resources/dev/surefoot/core/group", file);
        try {
            Files.createDirectories(path.getParent());
            Files.write(path, lines, UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> read(String file) {
        Path written = Path.of("src/test/resources/dev/surefoot/core/group", file);
        if (System.getProperty("surefoot.tables", "").equals("rewrite")) {
            try {
                return Files.readAllLines(written, UTF_8);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        try (InputStream in = GoldenTable.class.getResourceAsStream(file)) {
            assertThat(in).as(file).isNotNull();
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
