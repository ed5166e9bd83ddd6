package dev.surefoot.conformance;

import java.util.Arrays;
import java.util.Locale;

/** Which consumer the tests get where they say {@code new KafkaConsumer}. */
public enum ConsumerUnderTest {
    SUREFOOT,
    /** Kafka's own, to see which tests fail on this machine whatever the consumer is. */
    KAFKA;

    /** The system property that chooses; Surefoot if it is not set. */
    static final String PROPERTY = "conformance.consumer";

    /**
     * Returns what the system property names.
     *
     * @throws IllegalArgumentException if it names something else
     */
    public static ConsumerUnderTest chosen() {
        String name = System.getProperty(PROPERTY, SUREFOOT.name());
        return Arrays.stream(values())
                .filter(each -> each.name().equals(name.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(PROPERTY + " is '" + name + "'. Set it to surefoot or to kafka."));
    }
}
