package dev.surefoot.net;

import org.slf4j.Logger;

/**
 * What Kafka's classes are told to write in front of their log lines. It holds an object of Kafka's own {@code LogContext}, whose
 * package differs between versions, so that nothing else has to name that class.
 *
 * @param context of {@link KafkaVersion#logContextClass()}
 */
record KafkaLogContext(Object context) {
    /** @throws org.apache.kafka.common.KafkaException if kafka-clients is of no version that is known */
    static KafkaLogContext prefixed(String prefix) {
        return KafkaVersion.present().logContext(prefix);
    }

    Logger logger(Class<?> type) {
        return KafkaVersion.present().logger(this, type);
    }
}
