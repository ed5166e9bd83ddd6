package dev.surefoot.core.records;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * Makes headers of Kafka's own class. That class is not public, and its {@code equals} accepts no other class and no
 * subclass. Headers that are to equal a producer's therefore have to be of that class. A {@code ConsumerRecord} made
 * without headers has an empty instance, and creates a header of Kafka's own class when one is added by key and value.
 */
public final class KafkaHeaders {
    private KafkaHeaders() {}

    /** Returns new, empty headers, to which the caller may add some. */
    public static Headers none() {
        return new ConsumerRecord<>("", 0, 0, "", "").headers();
    }
}
