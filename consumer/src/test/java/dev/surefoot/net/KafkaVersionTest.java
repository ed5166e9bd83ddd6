package dev.surefoot.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

/** The other shapes are tried with the other versions of kafka-clients, in the test kit. */
class KafkaVersionTest {

    @Test
    void aVersionThatLacksWhatIsNeededIsNamedBesideThoseThatWork() {
        assertThatThrownBy(() -> KafkaVersion.resolve(
                        List.of("org.apache.kafka.nowhere.LogContext"),
                        getClass().getClassLoader()))
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("works with kafka-clients 4.0 to 4.4")
                .hasMessageContaining("cannot work with " + KafkaVersion.number())
                .hasMessageContaining("org.apache.kafka.nowhere.LogContext");
    }

    @Test
    void aVersionWhoseSelectorTakesSomethingElseIsNamedToo() {
        assertThatThrownBy(() -> KafkaVersion.resolve(
                        List.of("java.lang.StringBuilder"), getClass().getClassLoader()))
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("works with kafka-clients 4.0 to 4.4")
                .hasMessageContaining("java.lang.StringBuilder");
    }

    @Test
    void theVersionIsTheOneOnTheClassPath() {
        assertThat(KafkaVersion.number()).matches("4[.][0-9]+[.][0-9]+");
    }
}
