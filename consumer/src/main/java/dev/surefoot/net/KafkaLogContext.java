package dev.surefoot.net;

import org.slf4j.Logger;

/**
 * What Kafka's classes are told to write in front of their log lines. It holds an object of Kafka's own
 * {@code LogContext}, whose package differs between versions, so that nothing else has to name that class.
 *
 * @param context of {@link KafkaVersion#logContextClass()}
 */
record KafkaLogContext(Object context) {
    /** @throws org.apache.kafka.common.KafkaException if kafka-clients is of no version that is known */
    static KafkaLogContext prefixed(String prefix) {
        return KafkaVersion.present().logContext(prefix);
    }

    /**
     * As {@link #prefixed}, with loggers that do not repeat a line more often than {@link QuietLogger} lets through.
     *
     * @param clock the time by which repeats are counted
     */
    static KafkaLogContext quiet(String prefix, Clock clock) {
        return KafkaVersion.present().quietLogContext(prefix, log -> QuietLogger.of(log, clock));
    }

    Logger logger(Class<?> type) {
        return KafkaVersion.present().logger(this, type);
    }
}
