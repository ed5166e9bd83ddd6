package dev.surefoot.cli.simulate;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.List;
import java.util.Locale;

/** One figure of a summary, formatted for people. */
record Figure(String name, String value) {

    /** Returns the figures as lines. */
    static String table(List<Figure> figures) {
        return AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS)
                .data(
                        figures,
                        List.of(
                                new Column().dataAlign(HorizontalAlign.LEFT).with(Figure::name),
                                new Column().with(Figure::value)))
                .asString();
    }

    /** Returns a number with separators between its thousands. */
    static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
