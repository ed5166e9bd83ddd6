package dev.surefoot.testkit.simulation.model;

import dev.surefoot.core.session.FetchTarget;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A partition that a fetch has to read.
 *
 * @param key how the request names it
 * @param topic the name of its topic when the request was accepted, or that in the session, or null if its id is not
 *     known
 * @param target the target in the request or session
 */
record WantedPartition(TopicIdPartition key, @Nullable String topic, FetchTarget target) {

    /** Returns the name by which the broker looks the partition up, even if the request has an id for it. */
    TopicPartition name() {
        if (topic == null) {
            throw new IllegalStateException("the topic of " + key + " is not known");
        }
        return new TopicPartition(topic, key.partition());
    }
}
