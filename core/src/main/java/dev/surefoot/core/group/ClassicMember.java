package dev.surefoot.core.group;

import dev.surefoot.core.cluster.TopicDirectory;
import dev.surefoot.core.time.Backoff;
import java.util.NavigableSet;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * What is true of a member of the classic protocol, for the classes that change it: {@link ClassicRebalance} on the way
 * from one assignment to the next, {@link ClassicEnding} when the membership is over. Owned by the loop's thread.
 */
final class ClassicMember {
    final GroupSettings settings;
    final ClassicIdentity identity;
    final ClassicPartitions partitions = new ClassicPartitions();
    final ClassicSubscription subscription;
    final ClassicNotices notices;
    final RejoinRequest rejoin = new RejoinRequest();
    final HeartbeatTimer heartbeats;
    final GroupLeadership leadership;
    private final Consumer<GroupEffect> effects;
    private ClassicState state = ClassicState.OUTSIDE;

    ClassicMember(GroupSettings settings, TopicDirectory topics, Backoff backoff, Consumer<GroupEffect> effects) {
        this.settings = settings;
        this.identity = new ClassicIdentity(settings.groupId(), settings.instanceId());
        this.subscription = new ClassicSubscription(settings);
        this.notices = new ClassicNotices(effects);
        this.heartbeats = new HeartbeatTimer(settings.timing(), backoff);
        this.leadership = new GroupLeadership(
                topics, settings.rackId() != null, settings.timing().retryBackoffNanos());
        this.effects = effects;
    }

    ClassicState state() {
        return state;
    }

    void enter(ClassicState next) {
        state = next;
    }

    /** What the application has taken and not given up. */
    NavigableSet<TopicPartition> owned() {
        return partitions.owned();
    }

    boolean isStatic() {
        return settings.instanceId() != null;
    }

    void apply(GroupEffect effect) {
        effects.accept(effect);
    }

    void report(GroupEvent event) {
        effects.accept(new GroupEffect.Report(event));
    }
}
