package dev.surefoot.core.group;

import static dev.surefoot.core.group.CommitWorld.A0;
import static dev.surefoot.core.group.CommitWorld.A1;
import static dev.surefoot.core.group.CommitWorld.B0;
import static dev.surefoot.core.group.CommitWorld.MILLI;
import static dev.surefoot.core.group.CommitWorld.SECOND;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.CommitWorld.Sent;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorResponse;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitResponse;
import dev.surefoot.core.group.OffsetCommit.Stored;
import dev.surefoot.core.group.OffsetFetch.Found;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchRequest;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchResponse;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.MemberIdentity;
import dev.surefoot.core.position.Effect;
import dev.surefoot.core.position.TrackedPartition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** A world with what was seen of it so far. */
final class CommitSubject {
    final CommitWorld world;
    private final Set<Sent> seen = new LinkedHashSet<>();
    private int effects;
    private int positionEffects;
    private long ids;

    CommitSubject(GroupSettings.Protocol protocol) {
        world = new CommitWorld(protocol);
        world.describe(Map.of("a", new Uuid(1, 1)));
    }

    CommitSubject found() {
        world.coordinator.need();
        world.turn();
        return this;
    }

    void submit(Commit.Kind kind, @Nullable MemberIdentity as, Map<TopicPartition, Long> of) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new LinkedHashMap<>();
        List.of(A0, A1, B0).forEach(partition -> {
            Long offset = of.get(partition);
            if (offset != null) {
                offsets.put(partition, new OffsetAndMetadata(offset));
            }
        });
        world.commits.submit(new Commit(++ids, kind, as, offsets, world.now + 20 * SECOND));
    }

    CommitSubject submitted(Commit.Kind kind, Map<TopicPartition, Long> of) {
        submit(kind, world.standing.identity, of);
        world.turnWithoutCoordinator();
        return this;
    }

    @Nullable Sent first(Class<?> kind) {
        return world.wire.stream()
                .filter(sent -> kind.isInstance(sent.request()))
                .findFirst()
                .orElse(null);
    }

    void answer(Map<TopicPartition, BrokerError> errors, BrokerError others) {
        Sent sent = first(OffsetCommitRequest.class);
        Map<TopicPartition, Stored> said = new LinkedHashMap<>();
        ((OffsetCommitRequest) sent.request()).offsets().keySet().forEach(partition -> {
            BrokerError error = errors.getOrDefault(partition, others);
            said.put(partition, new Stored(error, error.code()));
        });
        world.answer(sent, new OffsetCommitResponse(0, said));
        world.turnWithoutCoordinator();
    }

    void answerFetch(BrokerError ofGroup, Map<TopicPartition, Found> found) {
        world.answer(first(OffsetFetchRequest.class), new OffsetFetchResponse(0, ofGroup, ofGroup.code(), found));
        world.turnWithoutCoordinator();
    }

    void findCoordinator() {
        Sent lookup = first(FindCoordinatorRequest.class);
        if (lookup != null) {
            world.answer(lookup, new FindCoordinatorResponse(0, BrokerError.NONE, (short) 0, CommitWorld.FIRST));
        }
        world.turnWithoutCoordinator();
    }

    String news() {
        List<String> news = new ArrayList<>();
        for (Sent sent : world.wire) {
            if (seen.add(sent)) {
                news.add(words(sent));
            }
        }
        while (effects < world.effects.size()) {
            news.add(words(world.effects.get(effects++)));
        }
        while (positionEffects < world.positionEffects.size()) {
            news.add(words(world.positionEffects.get(positionEffects++)));
        }
        for (TopicPartition partition : List.of(A0, A1, B0)) {
            TrackedPartition tracked = world.positions.get(partition);
            if (tracked != null) {
                news.add(partition + " " + tracked.state().kind() + (tracked.lookupOutstanding() ? " awaited" : ""));
            }
        }
        news.add(world.told.found.isEmpty() ? "" : "found " + new TreeMap<>(world.told.found));
        news.add(world.told.failed.isEmpty() ? "" : "failed " + new TreeMap<>(world.told.failed).keySet());
        news.add(world.told.delayed.isEmpty() ? "" : "delayed " + new TreeMap<>(world.told.delayed).keySet());
        news.add(world.standing.refusals.isEmpty() ? "" : "refused " + world.standing.refusals);
        long due = world.deadlineNanos();
        news.add(due == Long.MAX_VALUE ? "" : "due " + (due - world.now) / MILLI);
        news.add(world.coordinator.instance() == null ? "no coordinator" : "");
        news.add(world.commits.allSettled() ? "" : "open");
        news.removeIf(String::isEmpty);
        return String.join("; ", news);
    }

    private static String words(Sent sent) {
        if (sent.request() instanceof OffsetCommitRequest commit) {
            Map<String, Long> offsets = new LinkedHashMap<>();
            commit.offsets().forEach((partition, offset) -> offsets.put(partition.toString(), offset.offset()));
            return "commit " + offsets + " as " + commit.identity().memberId() + "@"
                    + commit.identity().epoch();
        }
        if (sent.request() instanceof OffsetFetchRequest fetch) {
            Set<String> asked = new TreeSet<>();
            fetch.partitions().forEach(partition -> asked.add(partition.toString()));
            return "look up " + asked + " as " + fetch.identity().memberId() + "@"
                    + fetch.identity().epoch();
        }
        return "find coordinator";
    }

    private static String words(GroupEffect effect) {
        if (effect instanceof GroupEffect.Notify told && told.notice() instanceof GroupNotice.CommitSettled settled) {
            KafkaException failure = settled.failure();
            return "settled " + settled.commitId()
                    + (failure == null
                            ? ""
                            : " " + failure.getClass().getSimpleName()
                                    + (failure.getCause() == null
                                            ? ""
                                            : " by "
                                                    + failure.getCause()
                                                            .getClass()
                                                            .getSimpleName()));
        }
        return MemberWords.effect(effect);
    }

    private static String words(Effect effect) {
        return effect.getClass().getSimpleName();
    }
}
