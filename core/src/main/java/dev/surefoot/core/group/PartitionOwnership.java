package dev.surefoot.core.group;

import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.GroupNotice.Loss;
import dev.surefoot.core.handover.MemberIdentity;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;

/**
 * What the application was told to own, and the notice about it that it has not answered. Partitions are told apart by
 * topic id, as a topic that was created anew has other partitions of the same names. Owned by the loop's thread.
 */
final class PartitionOwnership {
    static final Comparator<TopicIdPartition> ORDER = Comparator.comparing(TopicIdPartition::topic)
            .thenComparingInt(TopicIdPartition::partition)
            .thenComparing(TopicIdPartition::topicId);

    private final Consumer<GroupEffect> effects;
    private final Tokens tokens = new Tokens();
    private NavigableSet<TopicIdPartition> owned = sorted(Set.of());
    /** What follows from the owned partitions, as the loop asks for it in each turn. */
    private Set<TopicPartition> ownedNames = Set.of();

    private Set<String> ownedTopics = Set.of();
    /** Those that an unanswered notice assigns. */
    private NavigableSet<TopicIdPartition> adding = sorted(Set.of());
    /** Whether the unanswered notice, or the one that supersedes it, says that membership is lost. */
    private boolean tellsLoss;

    PartitionOwnership(Consumer<GroupEffect> effects) {
        this.effects = effects;
    }

    static NavigableSet<TopicIdPartition> sorted(Collection<TopicIdPartition> partitions) {
        NavigableSet<TopicIdPartition> sorted = new TreeSet<>(ORDER);
        sorted.addAll(partitions);
        return sorted;
    }

    static NavigableSet<TopicIdPartition> difference(
            Collection<TopicIdPartition> all, Collection<TopicIdPartition> without) {
        NavigableSet<TopicIdPartition> difference = sorted(all);
        without.forEach(difference::remove);
        return difference;
    }

    /** Whether the application has answered all notices. */
    boolean isAnswered() {
        return !tokens.isOutstanding();
    }

    int size() {
        return owned.size();
    }

    /**
     * What the application owns, or may own by now: with what it was assigned, whether it has taken that or not. A
     * heartbeat that left this out would let the coordinator give it to others.
     */
    NavigableSet<TopicIdPartition> owned() {
        return sorted(owned);
    }

    /** What the application was told to own and has not released; a value that does not change any more. */
    Set<TopicPartition> partitions() {
        return ownedNames;
    }

    /** The names of the topics of these. */
    Set<String> topics() {
        return ownedTopics;
    }

    private void own(NavigableSet<TopicIdPartition> all) {
        owned = all;
        ownedNames = Collections.unmodifiableSet(names(all));
        Set<String> topics = new TreeSet<>();
        ownedNames.forEach(partition -> topics.add(partition.topic()));
        ownedTopics = topics;
    }

    private static Set<TopicPartition> names(Collection<TopicIdPartition> partitions) {
        Set<TopicPartition> names =
                new TreeSet<>(Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition));
        partitions.forEach(partition -> names.add(partition.topicPartition()));
        return names;
    }

    /** Has the application give up these partitions. */
    void revoke(Collection<TopicIdPartition> partitions, Loss loss) {
        Set<TopicPartition> names = names(partitions);
        effects.accept(new GroupEffect.Hold(names));
        tellsLoss = loss == Loss.LOST;
        effects.accept(new GroupEffect.Notify(new GroupNotice.Revoked(tokens.issue(), names, loss, false, false)));
    }

    /**
     * Has the application give up everything. If it has not taken the notice before, it takes this one in its place.
     */
    void revokeAll(Loss loss) {
        if (isAnswered()) {
            if (!owned.isEmpty()) {
                revoke(owned, loss);
            }
        } else if (!tellsLoss) {
            tellsLoss = loss == Loss.LOST;
            effects.accept(new GroupEffect.Hold(names(owned)));
            effects.accept(new GroupEffect.Supersede(new GroupNotice.Revoked(
                    tokens.outstanding(), names(difference(owned, adding)), loss, false, false)));
        }
    }

    /** Has the application own these partitions: all that it owns already, and others. */
    void assign(NavigableSet<TopicIdPartition> all, MemberIdentity identity) {
        adding = difference(all, owned);
        own(sorted(all));
        tellsLoss = false;
        effects.accept(new GroupEffect.Notify(
                new GroupNotice.Assigned(tokens.issue(), names(adding), names(owned), null, null, identity)));
    }

    /**
     * The application has given up what a notice took.
     *
     * @return false if that notice does not wait for an answer
     */
    boolean released(long token, Set<TopicPartition> released) {
        if (!tokens.settle(token)) {
            return false;
        }
        // Where a revocation has superseded an assignment, that one was never taken.
        NavigableSet<TopicIdPartition> left = difference(owned, adding);
        adding.clear();
        left.removeIf(partition -> released.contains(partition.topicPartition()));
        own(left);
        return true;
    }

    /**
     * The application has taken what a notice assigned.
     *
     * @return false if that notice does not wait for an answer
     */
    boolean taken(long token) {
        if (!tokens.settle(token)) {
            return false;
        }
        adding.clear();
        return true;
    }
}
