package dev.surefoot.cli.consume;

import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** When a member of a group commits the offsets behind the records that it has printed. */
enum CommitMode {
    /** At the end, and before partitions are given back. */
    ON_EXIT("on-exit"),
    /** As {@link #ON_EXIT}, and every {@code auto.commit.interval.ms} besides. */
    INTERVAL("interval"),
    /** Never. */
    NONE("none");

    private final String word;

    CommitMode(String word) {
        this.word = word;
    }

    /** Returns the value of {@code --commit}. */
    @Override
    public String toString() {
        return word;
    }

    /** Reads the value of {@code --commit}. */
    static final class Converter implements ITypeConverter<CommitMode> {

        /** Created by picocli. */
        Converter() {}

        @Override
        public CommitMode convert(String word) {
            return Arrays.stream(values())
                    .filter(each -> each.word.equals(word))
                    .findFirst()
                    .orElseThrow(
                            () -> new TypeConversionException("'" + word + "' is none of on-exit, interval, none"));
        }
    }
}
