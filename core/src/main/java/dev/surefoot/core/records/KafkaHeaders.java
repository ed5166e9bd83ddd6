package dev.surefoot.core.records;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * Makes headers of Kafka's own class. That class is not public, and its {@code equals} accepts no other class and no
 * subclass, so headers that are to equal a producer's have to be of it. A {@code ConsumerRecord} that is made without
 * headers has an empty instance, and a header that is added to it by key and value is of Kafka's own class as well.
 */
public final class KafkaHeaders {
    private KafkaHeaders() {}

    /** Returns new, empty headers, to which the caller may add some. */
    public static Headers none() {
        return new ConsumerRecord<>("", 0, 0, "", "").headers();
    }
}
