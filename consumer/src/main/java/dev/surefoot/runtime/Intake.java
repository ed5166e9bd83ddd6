package dev.surefoot.runtime;

import dev.surefoot.core.delivery.Lanes;
import dev.surefoot.core.handover.Delivery;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Takes deliveries from the hand-over into the lanes of their partitions, and throws the loop's errors. Called before
 * each look at a lane, so that the look sees everything that has arrived. Owned by the application's thread.
 */
final class Intake {
    private final Handover handover;
    private final Lanes lanes;
    private final Subscriptions subscriptions;
    private final Predicate<String> isRead = this::isRead;

    Intake(Handover handover, Lanes lanes, Subscriptions subscriptions) {
        this.handover = handover;
        this.lanes = lanes;
        this.subscriptions = subscriptions;
    }

    void takeDeliveries() {
        for (Delivery delivery = handover.take(); delivery != null; delivery = handover.take()) {
            lanes.offer(delivery);
        }
        handover.takeMarks(lanes::offer);
    }

    /** Takes out the partitions that are to be fetched again, each with the generation that it was said of. */
    void takeAgain(BiConsumer<TopicPartition, Long> taker) {
        handover.takeAgain(taker);
    }

    /** @throws KafkaException the error that the loop has left for the application; each error is thrown once */
    void throwIfRaised() {
        // As in KafkaConsumer, which has the topics described before it looks for a coordinator.
        KafkaException raised = handover.takeRefusal(isRead);
        if (raised == null) {
            raised = handover.takeRaised();
        }
        if (raised != null) {
            throw raised;
        }
    }

    /** What was refused of the topics so far is no matter of those that the application reads from now on. */
    void topicsChange() {
        handover.forgetRefusal();
    }

    private boolean isRead(String topic) {
        return switch (subscriptions.kind()) {
            case NONE, PARTITIONS ->
                lanes.assignment().stream()
                        .anyMatch(partition -> partition.topic().equals(topic));
            case TOPICS -> subscriptions.topics().contains(topic);
            case PATTERN, COORDINATOR_PATTERN -> true;
        };
    }
}
