package dev.surefoot.cli.simulate;

import dev.surefoot.testkit.simulation.schedule.Act;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import org.apache.commons.text.similarity.LevenshteinDistance;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Finds an act by its name, in any case. The error for an unknown name names the most similar one. */
final class ActName implements ITypeConverter<Act> {

    /** Created by picocli. */
    ActName() {}

    @Override
    public Act convert(String name) {
        String wanted = name.strip().toUpperCase(Locale.ROOT).replace('-', '_');
        return Arrays.stream(Act.values())
                .filter(act -> act.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "no act is called '" + name + "'; did you mean " + nearest(wanted) + "?"));
    }

    private static Act nearest(String wanted) {
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        return Arrays.stream(Act.values())
                .min(Comparator.comparing(act -> distance.apply(wanted, act.name())))
                .orElseThrow();
    }
}
