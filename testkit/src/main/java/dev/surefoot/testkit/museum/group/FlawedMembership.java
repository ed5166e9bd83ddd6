package dev.surefoot.testkit.museum.group;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.group.Coordinator;
import dev.surefoot.core.group.GroupEffect;
import dev.surefoot.core.group.Membership;
import dev.surefoot.core.handover.MemberAssignment;
import dev.surefoot.core.handover.MemberIdentity;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A sound membership with one flaw added. An exhibit overrides what its bug changes and delegates the rest to the sound
 * membership: what the application is told leaves through {@link #effect}, requests through {@link #outbox}.
 */
abstract class FlawedMembership implements Membership {
    /** What the sound membership wants done, for the exhibit to pass on or to change. */
    private final Consumer<GroupEffect> effects;
    /** Shared with the other parts of the member, which are sound. */
    final Coordinator coordinator;

    private @Nullable Membership sound;

    FlawedMembership(Coordinator coordinator, Consumer<GroupEffect> effects) {
        this.coordinator = coordinator;
        this.effects = effects;
    }

    /** Makes a flawed membership, before it has the sound one. */
    interface Flaw {
        FlawedMembership add(Coordinator coordinator, Consumer<GroupEffect> effects);
    }

    /** The factory that adds this flaw to the memberships of another. */
    static UnaryOperator<Factory> factory(Flaw flaw) {
        return shipped -> (settings, memberId, coordinator, topics, random, effects) -> {
            FlawedMembership flawed = flaw.add(coordinator, effects);
            flawed.sound = shipped.create(settings, memberId, coordinator, topics, random, flawed::effect);
            return flawed;
        };
    }

    final Membership sound() {
        Membership made = sound;
        if (made == null) {
            throw new IllegalStateException("the sound membership is still being made");
        }
        return made;
    }

    /** What the sound membership wants done. */
    void effect(GroupEffect effect) {
        pass(effect);
    }

    final void pass(GroupEffect effect) {
        effects.accept(effect);
    }

    /** Where the sound membership sends its requests to. */
    Outbox outbox(Outbox real) {
        return real;
    }

    @Override
    public void dispatch(Outbox outbox, Turn turn) {
        sound().dispatch(outbox(outbox), turn);
    }

    @Override
    public void enterDeadlines(Deadlines deadlines, long nowNanos) {
        sound().enterDeadlines(deadlines, nowNanos);
    }

    @Override
    public void subscribe(Set<String> topics, @Nullable String regex, long nowNanos) {
        sound().subscribe(topics, regex, nowNanos);
    }

    @Override
    @SuppressWarnings("NullAway") // it does not see in a class file that the values may be null
    public void released(
            long token, Set<TopicPartition> released, Map<String, @Nullable ByteBuffer> userData, long nowNanos) {
        sound().released(token, released, userData, nowNanos);
    }

    @Override
    public void taken(long token, long nowNanos) {
        sound().taken(token, nowNanos);
    }

    @Override
    public void assignmentMade(long token, Map<String, MemberAssignment> assignments, long nowNanos) {
        sound().assignmentMade(token, assignments, nowNanos);
    }

    @Override
    public void assignmentFailed(long token, KafkaException cause, long nowNanos) {
        sound().assignmentFailed(token, cause, nowNanos);
    }

    @Override
    public void clusterChanged(long nowNanos) {
        sound().clusterChanged(nowNanos);
    }

    @Override
    public void enforceRebalance(String reason) {
        sound().enforceRebalance(reason);
    }

    @Override
    public void leave(Departure departure, String reason, long nowNanos) {
        sound().leave(departure, reason, nowNanos);
    }

    @Override
    public void commitRefused(BrokerError error, MemberIdentity sentWith, long nowNanos) {
        sound().commitRefused(error, sentWith, nowNanos);
    }

    @Override
    public MemberIdentity identity() {
        return sound().identity();
    }

    @Override
    public boolean isMember() {
        return sound().isMember();
    }

    @Override
    public boolean isLeaving() {
        return sound().isLeaving();
    }

    @Override
    public boolean isHeldBack() {
        return sound().isHeldBack();
    }

    @Override
    public boolean isRebalancing() {
        return sound().isRebalancing();
    }

    @Override
    public Set<TopicPartition> owned() {
        return sound().owned();
    }

    @Override
    public Set<String> topicsOfInterest() {
        return sound().topicsOfInterest();
    }

    @Override
    public Set<Uuid> unresolvedTopics() {
        return sound().unresolvedTopics();
    }
}
