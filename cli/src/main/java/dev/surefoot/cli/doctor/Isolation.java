package dev.surefoot.cli.doctor;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The {@code isolation.level} of the group's consumers, which no broker can tell. */
enum Isolation {
    READ_COMMITTED("read_committed"),
    READ_UNCOMMITTED("read_uncommitted"),
    UNKNOWN("unknown");

    private final String word;

    Isolation(String word) {
        this.word = word;
    }

    @Override
    public String toString() {
        return word;
    }

    /** Reads the option's value. */
    static final class Converter implements ITypeConverter<Isolation> {

        /** Created by picocli. */
        Converter() {}

        @Override
        public Isolation convert(String text) {
            for (Isolation each : values()) {
                if (each.word.equals(text)) {
                    return each;
                }
            }
            throw new TypeConversionException(
                    "expected read_committed, read_uncommitted or unknown but was '" + text + "'");
        }
    }
}
