package dev.surefoot.testkit.simulation.model;

import dev.surefoot.core.session.FetchTarget;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A partition that a fetch is to read.
 *
 * @param key what the request calls it
 * @param topic the name of its topic when the request was taken in, or of the session's, or null if its id is not known
 * @param target what is wanted of it
 */
record WantedPartition(TopicIdPartition key, @Nullable String topic, FetchTarget target) {

    /** What its broker calls it, and looks it up by, even if the request has an id for it. */
    TopicPartition name() {
        if (topic == null) {
            throw new IllegalStateException("the topic of " + key + " is not known");
        }
        return new TopicPartition(topic, key.partition());
    }
}
