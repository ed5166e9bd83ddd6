package dev.surefoot.core.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.progress.StallCause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No cause is only a constant: each is concluded somewhere in this package, or by the reader if the loop cannot. */
class CausesHaveProducersTest {
    /** The causes of a loop that cannot speak for itself. */
    private static final Set<StallCause> OF_THE_READER = EnumSet.of(StallCause.LOOP_DEAD, StallCause.LOOP_STUCK);

    /** A constant that is not compared with; labels of a switch have no class before them. */
    private static final Pattern PRODUCED = Pattern.compile("(?<![=!]=\\s{1,40})StallCause\\.([A-Z_]+)\\b");

    private static Set<StallCause> producedIn(Stream<Path> files) throws IOException {
        Set<StallCause> produced = EnumSet.noneOf(StallCause.class);
        for (Path file : files.toList()) {
            Matcher each = PRODUCED.matcher(Files.readString(file));
            while (each.find()) {
                produced.add(StallCause.valueOf(each.group(1)));
            }
        }
        return produced;
    }

    @Test
    void eachCauseIsProduced() throws IOException {
        Set<StallCause> produced;
        try (Stream<Path> files = Files.list(Path.of("src/main/java/dev/surefoot/core/guard"))) {
            produced = producedIn(files);
        }
        produced.addAll(OF_THE_READER);
        assertThat(EnumSet.complementOf(EnumSet.copyOf(produced))).isEmpty();
    }

    @Test
    void theReaderNamesTheCausesOfTheLoop() throws IOException {
        Path reader = Path.of("../consumer/src/main/java/dev/surefoot/runtime/LoopHealth.java");
        assertThat(producedIn(List.of(reader).stream())).containsAll(OF_THE_READER);
    }
}
