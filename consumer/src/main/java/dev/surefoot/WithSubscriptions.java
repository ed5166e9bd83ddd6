package dev.surefoot;

import dev.surefoot.core.group.GroupSettings;
import dev.surefoot.runtime.ConsumerRuntime;
import dev.surefoot.runtime.GroupMember;
import dev.surefoot.runtime.OneThreadAtATime;
import java.util.Collection;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.jspecify.annotations.Nullable;

/**
 * The part of Kafka's interface about membership in a group. Rebalances go on inside {@link #poll}, {@link
 * #unsubscribe} and {@link #close()}, which call the listener. A subscription replaces the one before of the same kind;
 * topics, patterns and {@link #assign} exclude each other until {@link #unsubscribe}.
 */
abstract class WithSubscriptions<K, V> extends WithProgress<K, V> {
    private final OneThreadAtATime access;
    private final ConsumerRuntime<K, V> runtime;

    WithSubscriptions(OneThreadAtATime access, ConsumerRuntime<K, V> runtime) {
        super(runtime);
        this.access = access;
        this.runtime = runtime;
    }

    /** @throws InvalidGroupIdException if the consumer has no {@code group.id} */
    final GroupMember member() {
        GroupMember member = runtime.member();
        if (member == null) {
            throw new InvalidGroupIdException("To use the group management or offset commit APIs, you must provide a"
                    + " valid " + ConsumerConfig.GROUP_ID_CONFIG + " in the consumer configuration.");
        }
        return member;
    }

    /** Subscribes to topics without a listener; throws what the method with a listener does. */
    @Override
    public void subscribe(Collection<String> topics) {
        access.guarded(() -> subscribe(member(), topics, null));
    }

    /**
     * Subscribes to topics, whose partitions are divided among the members of the group. Takes effect in the next
     * {@link #poll}. One thread at a time.
     *
     * @param topics their names; empty to unsubscribe
     * @param callback called before partitions are taken away and after they are assigned, inside poll. What it throws
     *     leaves poll; the next poll calls {@code onPartitionsAssigned} again, and reads these partitions when it has
     *     returned.
     * @throws InvalidGroupIdException without a {@code group.id}
     * @throws IllegalStateException if partitions are assigned or a pattern is subscribed to, or no assignor is
     *     configured
     */
    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener callback) {
        access.guarded(() -> {
            GroupMember member = member();
            Arguments.listener(callback);
            subscribe(member, topics, callback);
        });
    }

    private void subscribe(
            GroupMember member, @Nullable Collection<String> topics, @Nullable ConsumerRebalanceListener callback) {
        Collection<String> names = Arguments.topics(topics);
        if (names.isEmpty()) {
            member.unsubscribe();
        } else {
            requireAssignor(member);
            member.subscribe(names, callback);
        }
    }

    private static void requireAssignor(GroupMember member) {
        if (member.lacksAssignor()) {
            throw new IllegalStateException("Must configure at least one partition assigner class name to "
                    + ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG + " configuration property");
        }
    }

    /** Subscribes by a pattern without a listener; throws what the method with a listener does. */
    @Override
    public void subscribe(Pattern pattern) {
        access.guarded(() -> subscribe(member(), pattern, null));
    }

    /**
     * Subscribes to the topics whose whole names match; topics that appear later are found within {@code
     * metadata.max.age.ms}. One thread at a time.
     *
     * @param callback called before partitions are taken away and after they are assigned, inside poll
     * @throws InvalidGroupIdException without a {@code group.id}
     * @throws IllegalStateException if partitions are assigned or topics are subscribed to
     */
    @Override
    public void subscribe(Pattern pattern, ConsumerRebalanceListener callback) {
        access.guarded(() -> {
            GroupMember member = member();
            Arguments.listener(callback);
            subscribe(member, pattern, callback);
        });
    }

    private static void subscribe(
            GroupMember member, @Nullable Pattern pattern, @Nullable ConsumerRebalanceListener callback) {
        Arguments.pattern(pattern == null ? null : pattern.pattern());
        requireAssignor(member);
        member.subscribe(Objects.requireNonNull(pattern), callback);
    }

    /** Subscribes by the coordinator's pattern without a listener; throws what the method with a listener does. */
    @Override
    public void subscribe(SubscriptionPattern pattern) {
        access.guarded(() -> subscribe(member(), pattern, null));
    }

    /**
     * Subscribes to the topics that the coordinator finds by a pattern of RE2/J. One thread at a time.
     *
     * @throws InvalidGroupIdException without a {@code group.id}
     * @throws UnsupportedOperationException in the classic protocol
     * @throws IllegalStateException if partitions are assigned or topics are subscribed to otherwise
     */
    @Override
    public void subscribe(SubscriptionPattern pattern, ConsumerRebalanceListener callback) {
        access.guarded(() -> {
            GroupMember member = member();
            Arguments.listener(callback);
            subscribe(member, pattern, callback);
        });
    }

    private static void subscribe(
            GroupMember member, @Nullable SubscriptionPattern pattern, @Nullable ConsumerRebalanceListener callback) {
        if (member.protocol() == GroupSettings.Protocol.CLASSIC) {
            throw new UnsupportedOperationException("Subscribe to RE2/J pattern is not supported when using the "
                    + member.protocol().name().toLowerCase(Locale.ROOT) + " protocol defined in config "
                    + ConsumerConfig.GROUP_PROTOCOL_CONFIG);
        }
        String regex = pattern == null ? null : pattern.pattern();
        Arguments.pattern(regex);
        member.subscribeByCoordinator(Objects.requireNonNull(regex), callback);
    }

    /** Returns the topics subscribed to, as a copy; of a pattern those that match by the newest metadata. */
    @Override
    public Set<String> subscription() {
        return access.guarded(() -> runtime.subscriptions().topics());
    }

    /**
     * Gives up all partitions and the subscription, and leaves the group. Calls the listener; commits nothing. One
     * thread at a time.
     */
    @Override
    public void unsubscribe() {
        access.guarded(() -> {
            GroupMember member = runtime.member();
            if (member == null) {
                runtime.assignments().assign(Set.of());
            } else {
                member.unsubscribe();
            }
        });
    }

    /**
     * Returns who this consumer is in its group, for a producer that sends its offsets within a transaction. It is as
     * of the last {@link #poll}. One thread at a time.
     *
     * @throws InvalidGroupIdException without a {@code group.id}
     */
    @Override
    public ConsumerGroupMetadata groupMetadata() {
        return access.guarded(() -> member().metadata());
    }

    /** Has the group rebalanced, as {@link #enforceRebalance(String)} does. */
    @Override
    public void enforceRebalance() {
        enforceRebalance(null);
    }

    /**
     * Has the group rebalanced (classic protocol); does nothing in the consumer protocol. One thread at a time.
     *
     * @param reason for the broker's log, or null
     * @throws IllegalStateException without a {@code group.id}
     */
    @Override
    public void enforceRebalance(@Nullable String reason) {
        access.guarded(() -> {
            GroupMember member = runtime.member();
            if (member == null) {
                throw new IllegalStateException("Tried to force a rebalance but consumer does not have a group.");
            }
            member.enforceRebalance(reason);
        });
    }
}
