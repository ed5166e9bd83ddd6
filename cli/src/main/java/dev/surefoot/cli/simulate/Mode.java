package dev.surefoot.cli.simulate;

import dev.surefoot.cli.console.CommandFailure;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** The tasks of {@code surefoot simulate}. Each has an option that selects it, and options that go with it. */
enum Mode {
    // Checked in this order: a seed may also be that of an exhibit, and a campaign is the default.
    EXHIBIT("--exhibit"),
    REPLAY("--seed"),
    MUSEUM("--museum"),
    SEARCH("--exhaustive"),
    CAMPAIGN("--schedules");

    private static final Set<String> ANYWHERE = Set.of("--json");
    private static final Set<String> DRAWING = Set.of("--size", "--groups", "--without", "--weight");

    private final String selector;

    Mode(String selector) {
        this.selector = selector;
    }

    /**
     * Returns the mode that these options select.
     *
     * @param given the names of all options on the command line
     * @throws CommandFailure if some of them exclude each other
     */
    static Mode of(Collection<String> given) {
        Mode mode = Arrays.stream(values())
                .filter(each -> given.contains(each.selector))
                .findFirst()
                .orElse(CAMPAIGN);
        for (String option : given) {
            if (!mode.allows(option)) {
                throw CommandFailure.wrongUsage(
                        given.contains(mode.selector)
                                ? mode.selector + " and " + option + " cannot be combined"
                                : option + " needs " + selectorsFor(option));
            }
        }
        if (given.containsAll(Set.of("--seed", "--first-seed"))) {
            throw CommandFailure.wrongUsage("--seed and --first-seed cannot be combined");
        }
        return mode;
    }

    private static String selectorsFor(String option) {
        return Arrays.stream(values())
                .filter(each -> each.allows(option))
                .map(each -> each.selector)
                .collect(Collectors.joining(" or "));
    }

    private boolean allows(String option) {
        return option.equals(selector)
                || ANYWHERE.contains(option)
                || ownOptions().contains(option);
    }

    private Set<String> ownOptions() {
        return switch (this) {
            case EXHIBIT -> withDrawing("--seed", "--first-seed");
            case REPLAY -> withDrawing("--healthy", "--story");
            case MUSEUM -> withDrawing("--rounds", "--first-seed");
            case SEARCH -> Set.of("--faults");
            case CAMPAIGN -> withDrawing("--healthy", "--first-seed", "--threads");
        };
    }

    private static Set<String> withDrawing(String... others) {
        Set<String> options = new HashSet<>(DRAWING);
        options.addAll(Arrays.asList(others));
        return options;
    }
}
