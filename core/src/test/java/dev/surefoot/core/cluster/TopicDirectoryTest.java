package dev.surefoot.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.error.BrokerError;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** What is known of topics by the answers that came, and for how long. */
class TopicDirectoryTest {
    private final TopicDirectory topics = new TopicDirectory();

    private static TopicMetadata described(String name, Uuid id) {
        return new TopicMetadata(name, id, BrokerError.NONE, false, List.of());
    }

    private void answered(boolean all, TopicMetadata... described) {
        topics.update(
                new MetadataAnswer(
                        BrokerError.NONE, 0, null, List.of(new Node(1, "one", 9092)), Arrays.asList(described)),
                all);
    }

    @Test
    void theLatestAnswerAloneIsTheLatest() {
        answered(false, described("a", new Uuid(1, 1)), described("b", new Uuid(1, 2)));
        assertThat(topics.describedLast(Set.of("a", "b"))).isTrue();
        answered(false, described("a", new Uuid(1, 1)));
        assertThat(topics.describedLast(Set.of("a", "b"))).isFalse();
        assertThat(topics.id("b")).as("is known from before").isEqualTo(new Uuid(1, 2));
    }

    @Test
    void aTopicWithAnErrorIsNotDescribed() {
        answered(false, described("a", new Uuid(1, 1)));
        answered(false, new TopicMetadata("a", Uuid.ZERO_UUID, BrokerError.LEADER_NOT_AVAILABLE, false, List.of()));
        assertThat(topics.describedLast(Set.of("a"))).isFalse();
        assertThat(topics.id("a")).isEqualTo(new Uuid(1, 1));
    }

    @Test
    void allTopicsAreKnownByAnAnswerAboutAllOnly() {
        assertThat(topics.hasAll()).isFalse();
        answered(true, described("a", new Uuid(1, 1)));
        assertThat(topics.hasAll()).isTrue();
        answered(false, described("a", new Uuid(1, 1)));
        assertThat(topics.hasAll()).isFalse();
    }

    /** Topics that live for a moment would be remembered as long as the consumer lives. */
    @Test
    void ofTopicsThatAreGoneTheOldestNamesAreForgotten() {
        Uuid present = new Uuid(7, 7);
        for (int i = 1; i <= 5_000; i++) {
            answered(true, described("stays", present), described("short-lived-" + i, new Uuid(1, i)));
        }
        assertThat(topics.name(present)).isEqualTo("stays");
        assertThat(topics.name(new Uuid(1, 5_000))).isEqualTo("short-lived-5000");
        assertThat(topics.name(new Uuid(1, 4_500))).isEqualTo("short-lived-4500");
        assertThat(topics.name(new Uuid(1, 3_000))).isNull();
    }
}
