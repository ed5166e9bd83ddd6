package dev.surefoot.core.group;

import dev.surefoot.core.group.OffsetFetch.Found;
import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.MemberIdentity;
import dev.surefoot.core.position.Effect;
import dev.surefoot.core.position.PositionRepair;
import dev.surefoot.core.position.PositionState;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.TrackedPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The assigned partitions whose committed offset is not known, and what answers make of them. A partition is reset only
 * if the coordinator has said that no offset is stored for it; every error leaves it as it is. Owned by the loop's
 * thread.
 */
final class UnplacedPartitions {
    /** After this time an unstable offset is reported: transactions are seldom longer. */
    private static final long UNSTABLE_REPORT_NANOS = 10_000_000_000L;

    /**
     * A request that was made for partitions.
     *
     * @param partitions those that it was made for
     * @param sequence the invalidation count then, see {@link Positions#sequence}
     */
    record Lookup(
            Map<TopicPartition, TrackedPartition> partitions,
            long sequence,
            MemberIdentity identity,
            Coordinator.Instance asked) {}

    private final Positions positions;
    private final PositionRepair repair;
    private final ObjLongConsumer<List<Effect>> placed;
    private final Consumer<GroupEffect> effects;

    /** When each partition was first said to be unstable, in nanoseconds; {@link Long#MAX_VALUE} once reported. */
    private final Map<TrackedPartition, Long> unstableSince = new HashMap<>();

    /** The last look-up of a member that was refused because of who asked. */
    private @Nullable Lookup refused;

    UnplacedPartitions(
            Positions positions,
            PositionRepair repair,
            ObjLongConsumer<List<Effect>> placed,
            Consumer<GroupEffect> effects) {
        this.positions = positions;
        this.repair = repair;
        this.placed = placed;
        this.effects = effects;
    }

    /**
     * The partitions to look up now. None if this coordinator has refused this identity: heartbeats will bring another
     * one.
     */
    Map<TopicPartition, TrackedPartition> due(
            MemberIdentity identity, Coordinator.@Nullable Instance coordinator, long nowNanos) {
        Lookup before = refused;
        if (before != null
                && before.identity().equals(identity)
                && before.asked().equals(coordinator)) {
            return Map.of();
        }
        Map<TopicPartition, TrackedPartition> due = new LinkedHashMap<>();
        positions
                .lookupsDue(PositionState.Kind.UNPLACED, nowNanos)
                .forEach(partition -> due.put(partition.partition(), partition));
        return due;
    }

    Lookup lookup(
            Map<TopicPartition, TrackedPartition> partitions, MemberIdentity identity, Coordinator.Instance asked) {
        return new Lookup(partitions, positions.sequence(), identity, asked);
    }

    /** Marks the look-up as outstanding, after its request was sent. */
    void asked(Lookup lookup) {
        lookup.partitions().values().forEach(repair::committedOffsetAsked);
    }

    /** Takes over an answer; returns whether another coordinator has to be looked for. */
    boolean answered(Lookup lookup, OffsetFetchAnswer answer, long nowNanos) {
        List<Effect> forPositions = new ArrayList<>();
        List<TrackedPartition> failed = new ArrayList<>();
        boolean elsewhere = false;
        for (TrackedPartition partition : awaiting(lookup)) {
            OffsetFetchReaction reaction =
                    OffsetFetchReaction.to(answer.about(partition.partition()).error());
            if (reaction == OffsetFetchReaction.FOUND) {
                forPositions.addAll(found(partition, answer.about(partition.partition())));
            } else {
                failed.add(partition);
                KafkaException cause = answer.exception(partition.partition());
                forPositions.add(new Effect.LookupFailed(partition.partition(), cause));
                forPositions.addAll(react(reaction, partition, cause, lookup, nowNanos));
            }
            elsewhere |= reaction == OffsetFetchReaction.FIND_COORDINATOR;
        }
        positions.backOff(failed, nowNanos);
        placed.accept(forPositions, nowNanos);
        return elsewhere;
    }

    /** Whether the partition's committed offset was last said to be unstable. */
    boolean isUnstable(TrackedPartition partition) {
        return unstableSince.containsKey(partition);
    }

    private List<Effect> found(TrackedPartition partition, Found said) {
        unstableSince.remove(partition);
        return said.offset() >= 0
                ? repair.placed(partition, partition.generation(), new FetchPosition(said.offset(), said.leaderEpoch()))
                : repair.resetUnplaced(partition, partition.generation());
    }

    private List<Effect> react(
            OffsetFetchReaction reaction,
            TrackedPartition partition,
            KafkaException cause,
            Lookup lookup,
            long nowNanos) {
        return switch (reaction) {
            case FOUND, BACK_OFF, FIND_COORDINATOR -> List.of();
            case UNSTABLE -> {
                reportUnstable(partition, nowNanos);
                yield List.of();
            }
            case UNKNOWN_TOPIC -> List.of(new Effect.RefreshMetadata());
            case OTHER_IDENTITY -> {
                if (!lookup.identity().memberId().isEmpty()) {
                    refused = lookup;
                }
                yield List.of();
            }
            case RAISE -> List.of(raise(partition, cause));
        };
    }

    private void reportUnstable(TrackedPartition partition, long nowNanos) {
        unstableSince.keySet().removeIf(known -> positions.get(known.partition()) != known);
        long since = unstableSince.computeIfAbsent(partition, first -> nowNanos);
        if (since != Long.MAX_VALUE && nowNanos - since >= UNSTABLE_REPORT_NANOS) {
            unstableSince.put(partition, Long.MAX_VALUE);
            effects.accept(
                    new GroupEffect.Report(new GroupEvent.OffsetUnstable(partition.partition(), nowNanos - since)));
        }
    }

    /** The application gets the exception in poll; the look-up is repeated all the same, as the error may be mended. */
    private static Effect raise(TrackedPartition partition, KafkaException cause) {
        return new Effect.Deliver(new Delivery.Failure(partition.partition(), partition.generation(), cause, false));
    }

    /** Ends a look-up without an answer. It is repeated after a back-off. */
    void failed(Lookup lookup, KafkaException cause, long nowNanos) {
        List<Effect> reports = new ArrayList<>();
        List<TrackedPartition> failed = awaiting(lookup);
        failed.forEach(partition -> reports.add(new Effect.LookupFailed(partition.partition(), cause)));
        positions.backOff(failed, nowNanos);
        placed.accept(reports, nowNanos);
    }

    /** Tells the application that these partitions cannot be looked up; it is tried again after a back-off. */
    void refused(Lookup lookup, KafkaException cause, long nowNanos) {
        List<Effect> reports = new ArrayList<>();
        List<TrackedPartition> failed = awaiting(lookup);
        failed.forEach(partition -> {
            reports.add(new Effect.LookupFailed(partition.partition(), cause));
            reports.add(raise(partition, cause));
        });
        positions.backOff(failed, nowNanos);
        placed.accept(reports, nowNanos);
    }

    /** The partitions that still await this look-up: they were neither sought nor assigned anew since. */
    private List<TrackedPartition> awaiting(Lookup lookup) {
        return lookup.partitions().values().stream()
                .filter(partition ->
                        positions.get(partition.partition()) == partition && partition.validSince(lookup.sequence()))
                .toList();
    }
}
