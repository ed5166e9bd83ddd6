package dev.surefoot.runtime;

import dev.surefoot.core.delivery.Lanes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Which partitions the application reads, and which of them are paused. Owned by the application's thread, which
 * changes its lanes at once and informs the loop by a command.
 *
 * <p>Each assigned partition has a generation: a number that is raised whenever data fetched for the partition so far
 * must not be delivered any more. The command carries it, and a delivery of an older generation is dropped when it is
 * taken.
 *
 * <p>Here the application assigns partitions by itself; {@link Rebalances} assigns those of a group.
 */
public final class Assignments {
    private final Lanes lanes;
    private final Intake intake;
    private final Loop loop;
    private final ConsumerMeter meter;
    private final Subscriptions subscriptions;

    Assignments(Lanes lanes, Intake intake, Loop loop, ConsumerMeter meter, Subscriptions subscriptions) {
        this.lanes = lanes;
        this.intake = intake;
        this.loop = loop;
        this.meter = meter;
        this.subscriptions = subscriptions;
    }

    /** The assigned partitions, as a copy. */
    public Set<TopicPartition> assignment() {
        return new HashSet<>(lanes.assignment());
    }

    /**
     * Replaces the assignment. Partitions that stay keep their positions and what was fetched for them.
     *
     * @throws IllegalStateException if topics are subscribed to
     */
    public void assign(Collection<TopicPartition> partitions) {
        subscriptions.become(Subscriptions.Kind.PARTITIONS);
        if (partitions.isEmpty()) {
            subscriptions.clear();
        }
        intake.takeDeliveries();
        intake.topicsChange();
        Map<TopicPartition, Long> generations = lanes.assign(new HashSet<>(partitions));
        meter.assigned(generations.keySet());
        lanes.tellChanges();
        loop.submit((engine, nowNanos) -> engine.assign(generations, nowNanos));
        loop.memoryReturned();
    }

    /** The application subscribes anew: what was refused of the topics so far is no matter of the new ones. */
    void topicsChange() {
        intake.topicsChange();
    }

    /**
     * Gives records of these topics only, beside what is paused: others may stay assigned until a group takes them.
     *
     * @param topics null for all
     */
    void readOnly(@Nullable Set<String> topics) {
        lanes.readOnly(topics);
    }

    /**
     * Stops the delivery of records of these partitions. What is fetched already is kept.
     *
     * @throws IllegalStateException if one of them is not assigned
     */
    public void pause(Collection<TopicPartition> partitions) {
        setPaused(partitions, true);
    }

    /**
     * Ends the pause of these partitions.
     *
     * @throws IllegalStateException if one of them is not assigned
     */
    public void resume(Collection<TopicPartition> partitions) {
        setPaused(partitions, false);
    }

    private void setPaused(Collection<TopicPartition> partitions, boolean paused) {
        List<TopicPartition> copy = new ArrayList<>(partitions);
        copy.forEach(partition -> lanes.pause(partition, paused));
        loop.submit((engine, nowNanos) -> engine.pause(copy, paused, nowNanos));
    }

    /** The paused partitions, as a copy. */
    public Set<TopicPartition> paused() {
        return lanes.paused();
    }
}
