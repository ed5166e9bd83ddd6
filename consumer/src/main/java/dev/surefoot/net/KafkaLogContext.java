package dev.surefoot.net;

import org.slf4j.Logger;

/**
 * The prefix of log lines of Kafka's classes. It holds an object of Kafka's {@code LogContext}, whose package differs
 * between versions, so that no other class has to name it.
 *
 * @param context of {@link KafkaVersion#logContextClass()}
 */
record KafkaLogContext(Object context) {
    /** @throws org.apache.kafka.common.KafkaException if the version of kafka-clients is not supported */
    static KafkaLogContext prefixed(String prefix) {
        return KafkaVersion.present().logContext(prefix);
    }

    /**
     * Makes a context like {@link #prefixed}, with loggers that limit repetition as {@link QuietLogger} does.
     *
     * @param clock measures the time between repeats
     */
    static KafkaLogContext quiet(String prefix, Clock clock) {
        return KafkaVersion.present().quietLogContext(prefix, log -> QuietLogger.of(log, clock));
    }

    Logger logger(Class<?> type) {
        return KafkaVersion.present().logger(this, type);
    }
}
