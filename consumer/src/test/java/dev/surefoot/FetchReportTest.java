package dev.surefoot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.surefoot.core.fetch.FetchTally;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FetchReportTest {
    private static final int COUNTS = FetchReport.class.getRecordComponents().length;

    private static FetchReport report(long... counts) throws ReflectiveOperationException {
        Class<?>[] types = new Class<?>[COUNTS];
        Arrays.fill(types, long.class);
        return FetchReport.class
                .getDeclaredConstructor(types)
                .newInstance(LongStream.of(counts).boxed().toArray());
    }

    /** Every count has a value of its own: the first is {@code first}, and each one more than the one before. */
    private static FetchReport rising(long first) throws ReflectiveOperationException {
        return report(LongStream.range(first, first + COUNTS).toArray());
    }

    private static long count(RecordComponent component, Object of) {
        try {
            return (long) component.getAccessor().invoke(of);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theDifferenceIsThatOfEveryCount() throws ReflectiveOperationException {
        long[] squares = LongStream.rangeClosed(1, COUNTS).map(i -> i * i).toArray();
        long[] twice = LongStream.rangeClosed(1, COUNTS).map(i -> i * i + i).toArray();

        assertThat(report(twice).since(report(squares))).isEqualTo(rising(1));
    }

    @Test
    void nothingHasHappenedSinceTheReportItself() throws ReflectiveOperationException {
        assertThat(rising(7).since(rising(7))).isEqualTo(report(new long[COUNTS]));
    }

    @Test
    void aReportThatIsNotEarlierIsRefused() throws ReflectiveOperationException {
        FetchReport earlier = rising(5);
        for (int i = 0; i < COUNTS; i++) {
            long[] larger = LongStream.range(5, 5 + COUNTS).toArray();
            larger[i]++;
            FetchReport notEarlier = report(larger);

            assertThatIllegalArgumentException()
                    .as("count %d", i)
                    .isThrownBy(() -> earlier.since(notEarlier))
                    .withMessageContaining("the same consumer");
        }
    }

    @Test
    void itSaysWhatTheCoreHasCounted() {
        FetchTally tally = new FetchTally(
                new FetchTally.Answered(2, 3, 1),
                new FetchTally.Troubled(4, 5, 6, 7),
                new FetchTally.Traffic(8, 9, 10));

        assertThat(FetchReport.of(tally)).isEqualTo(new FetchReport(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
        assertThat(Arrays.stream(FetchReport.class.getRecordComponents())
                        .map(component -> count(component, FetchReport.of(tally))))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, COUNTS).boxed().toList());
    }
}
