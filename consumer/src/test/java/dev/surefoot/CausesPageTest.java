package dev.surefoot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.fixtures.GeneratedText;
import dev.surefoot.progress.Responsible;
import dev.surefoot.progress.StallCause;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Writes the causes of stalls in docs/operations.md. Who removes them, when they count as a stall and what to do are
 * from the enum; how they show and what the client does by itself are from a file that has a line for each.
 */
class CausesPageTest {
    private static final int COLUMNS = 120;

    /** How a cause shows, and what the client does by itself. */
    private record Course(String sign, String itself) {}

    private static Map<StallCause, Course> courses() throws IOException {
        Map<StallCause, Course> courses = new EnumMap<>(StallCause.class);
        try (InputStream file = Objects.requireNonNull(CausesPageTest.class.getResourceAsStream("causes.txt"))) {
            for (String line : new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                if (!line.startsWith("#")) {
                    String[] parts = line.split(" \\| ");
                    assertThat(parts).as(line).hasSize(3);
                    Course before = courses.put(StallCause.valueOf(parts[0]), new Course(parts[1], parts[2]));
                    assertThat(before).as("a second line of %s", parts[0]).isNull();
                }
            }
        }
        return courses;
    }

    @Test
    void thePageHasEveryCause() throws IOException {
        Map<StallCause, Course> courses = courses();
        assertThat(courses).containsOnlyKeys(StallCause.values());
        List<String> lines = new ArrayList<>();
        courses.forEach((cause, course) -> {
            lines.add("");
            lines.add("### `" + cause + "`");
            lines.add("");
            lines.add("*" + responsible(cause.responsible()) + "; " + patience(cause.patience()) + "*");
            lines.add("");
            lines.addAll(item("How it shows: " + course.sign() + "."));
            lines.addAll(item("What the client does by itself: " + course.itself() + "."));
            if (cause.responsible() != Responsible.NOBODY) {
                lines.addAll(item("What to do: " + cause.advice()));
            }
        });
        lines.add("");

        new GeneratedText("docs/operations.md", "causes").mustBe(lines);
    }

    private static String responsible(Responsible responsible) {
        return responsible == Responsible.NOBODY
                ? "nothing is wrong"
                : responsible.name().toLowerCase(Locale.ROOT);
    }

    private static String patience(StallCause.Patience patience) {
        return switch (patience) {
            case NO_STALL -> "no stall";
            case FAILS_AT_ONCE -> "fails at once";
            case STALLS_AT_ONCE -> "a stall at once";
            case HALF -> "a stall after half of `surefoot.stall.patience.ms`";
            case FULL -> "a stall after `surefoot.stall.patience.ms`";
            case TRIPLE -> "a stall after three times `surefoot.stall.patience.ms`";
            case MINUTE -> "a stall after a minute";
            case POLL_INTERVAL -> "a stall after `max.poll.interval.ms`, in a group after four fifths of it";
            case TRANSACTION -> "a stall after 20 minutes";
        };
    }

    private static List<String> item(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder("-");
        for (String word : text.split(" ")) {
            if (line.length() + 1 + word.length() > COLUMNS) {
                lines.add(line.toString());
                line = new StringBuilder(" ");
            }
            line.append(' ').append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
