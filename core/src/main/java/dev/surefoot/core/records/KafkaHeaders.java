package dev.surefoot.core.records;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * Where headers of Kafka's own class come from. That class is not public, and its {@code equals} accepts no
 * other class, nor a subclass: headers that are to be equal to a producer's, both ways, have to be of it. A
 * record that is made without headers brings some, and what is added to those by key and value becomes a header
 * of Kafka's own class as well.
 */
public final class KafkaHeaders {
    private KafkaHeaders() {}

    /** No headers yet; the caller may add some. */
    public static Headers none() {
        return new ConsumerRecord<>("", 0, 0, "", "").headers();
    }
}
