package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.Unanswered;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class TimeoutMessageTest {
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    private static List<TopicPartition> partitions(int count) {
        return IntStream.range(0, count)
                .mapToObj(partition -> new TopicPartition("a", partition))
                .toList();
    }

    @Test
    void eachGroupIsNamedWithItsReason() {
        KafkaException failure = new KafkaException("lost");
        List<Unanswered> unanswered = List.of(
                new Unanswered(partitions(2), "lost", failure),
                new Unanswered(List.of(new TopicPartition("b", 9)), "partition 9 does not exist", null));

        TimeoutException thrown = TimeoutMessage.exception(TIMEOUT, "the end offsets", unanswered);

        assertThat(thrown)
                .hasMessage("Timeout of 500ms expired before the end offsets could be determined: a-0, a-1 (lost);"
                        + " b-9 (partition 9 does not exist)")
                .hasCause(failure);
    }

    @Test
    void aLongListIsCut() {
        assertThat(TimeoutMessage.exception(TIMEOUT, "them", List.of(new Unanswered(partitions(5000), "gone", null))))
                .hasMessageContaining("a-9 and 4990 more (gone)")
                .hasMessageNotContaining("a-10");
        assertThat(TimeoutMessage.exception(TIMEOUT, "them", List.of(new Unanswered(partitions(10), "gone", null))))
                .hasMessageContaining("a-9 (gone)");
    }

    @Test
    void whatIsNotAboutPartitionsHasItsReasonAlone() {
        assertThat(TimeoutMessage.exception(TIMEOUT, "the list", List.of(new Unanswered(List.of(), "gone", null))))
                .hasMessage("Timeout of 500ms expired before the list could be determined: gone")
                .hasNoCause();
    }

    @Test
    void whoHasHeardNothingSaysSo() {
        assertThat(TimeoutMessage.exception(TIMEOUT, "the list", List.of()))
                .hasMessageContaining("no broker has answered yet");
    }
}
