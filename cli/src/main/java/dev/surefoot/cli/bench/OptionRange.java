package dev.surefoot.cli.bench;

import dev.surefoot.cli.console.CommandFailure;
import java.util.Locale;

/** Checks the numbers that options take. */
final class OptionRange {
    private OptionRange() {}

    /** @throws CommandFailure if the value is out of range; it names {@code option} and the range */
    static void check(int least, int most, String option, int value) {
        if (value < least || value > most) {
            throw CommandFailure.wrongUsage(
                    String.format(Locale.ROOT, "%s must be from %d to %d, not %d", option, least, most, value));
        }
    }
}
