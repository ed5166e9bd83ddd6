package dev.surefoot.core.group;

import static dev.surefoot.core.group.CommitWorld.A0;
import static dev.surefoot.core.group.CommitWorld.A1;
import static dev.surefoot.core.group.CommitWorld.B0;
import static dev.surefoot.core.group.CommitWorld.MILLI;
import static dev.surefoot.core.group.CommitWorld.SECOND;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.RequestFailure;
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
import dev.surefoot.core.position.AssignmentStart;
import dev.surefoot.core.position.Effect;
import dev.surefoot.core.position.TrackedPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What each input does to commits and to look-ups of committed offsets, requests and deadlines included. */
class CommitTableTest {
    private static final List<BrokerError> ERRORS = List.of(
            BrokerError.UNKNOWN_TOPIC_OR_PARTITION,
            BrokerError.COORDINATOR_LOAD_IN_PROGRESS,
            BrokerError.NOT_COORDINATOR,
            BrokerError.TOPIC_AUTHORIZATION_FAILED,
            BrokerError.GROUP_AUTHORIZATION_FAILED,
            BrokerError.OFFSET_METADATA_TOO_LARGE,
            BrokerError.STALE_MEMBER_EPOCH,
            BrokerError.REBALANCE_IN_PROGRESS,
            BrokerError.UNKNOWN_MEMBER_ID,
            BrokerError.FENCED_INSTANCE_ID);

    /** A world with what was seen of it so far. */
    private static final class Subject {
        final CommitWorld world;
        private final Set<Sent> seen = new LinkedHashSet<>();
        private int effects;
        private int positionEffects;
        private long ids;

        Subject(GroupSettings.Protocol protocol) {
            world = new CommitWorld(protocol);
            world.describe(Map.of("a", new Uuid(1, 1)));
        }

        Subject found() {
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

        Subject submitted(Commit.Kind kind, Map<TopicPartition, Long> of) {
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
                    news.add(
                            partition + " " + tracked.state().kind() + (tracked.lookupOutstanding() ? " awaited" : ""));
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
            if (effect instanceof GroupEffect.Notify told
                    && told.notice() instanceof GroupNotice.CommitSettled settled) {
                KafkaException failure = settled.failure();
                return "settled " + settled.commitId()
                        + (failure == null
                                ? ""
                                : " " + failure.getClass().getSimpleName() + " '" + failure.getMessage() + "'");
            }
            return MemberWords.effect(effect);
        }

        private static String words(Effect effect) {
            return effect.getClass().getSimpleName();
        }
    }

    /** The order of a map of {@code Map.of} differs from JVM to JVM. */
    private static Map<TopicPartition, Long> inOrder(long firstGeneration, long secondGeneration) {
        Map<TopicPartition, Long> generations = new LinkedHashMap<>();
        generations.put(A0, firstGeneration);
        generations.put(A1, secondGeneration);
        return generations;
    }

    // States.

    private static void states(GoldenTable<Subject> table, Supplier<Subject> fresh) {
        Supplier<Subject> found = () -> fresh.get().found();
        table.state("coordinator unknown", fresh);
        table.state("nothing to do", found);
        table.state("one sync on the wire", () -> found.get().submitted(Commit.Kind.SYNC, Map.of(A0, 5L, B0, 7L)));
        table.state("one async on the wire", () -> found.get().submitted(Commit.Kind.ASYNC, Map.of(A0, 5L, B0, 7L)));
        table.state(
                "one before a rebalance on the wire",
                () -> found.get().submitted(Commit.Kind.BEFORE_REBALANCE, Map.of(A0, 5L, B0, 7L)));
        table.state(
                "three on the wire",
                () -> found.get()
                        .submitted(Commit.Kind.SYNC, Map.of(A0, 5L, B0, 7L))
                        .submitted(Commit.Kind.ASYNC, Map.of(A0, 6L, A1, 1L))
                        .submitted(Commit.Kind.SYNC, Map.of(A0, 7L)));
        table.state("one waits behind a newer one", () -> {
            Subject subject = found.get().submitted(Commit.Kind.SYNC, Map.of(A0, 5L, B0, 7L));
            subject.submitted(Commit.Kind.ASYNC, Map.of(A0, 6L));
            subject.answer(Map.of(), BrokerError.COORDINATOR_LOAD_IN_PROGRESS);
            return subject;
        });
        table.state("seven submitted", () -> {
            Subject subject = found.get();
            for (long offset = 1; offset <= 7; offset++) {
                subject.submit(Commit.Kind.ASYNC, subject.world.standing.identity, Map.of(A0, offset));
            }
            subject.world.turnWithoutCoordinator();
            return subject;
        });
        table.state("by nobody", () -> {
            Subject subject = found.get();
            subject.submit(Commit.Kind.SYNC, null, Map.of(A0, 5L));
            subject.world.turnWithoutCoordinator();
            return subject;
        });
        table.state("its epoch was raised", () -> {
            Subject subject = found.get().submitted(Commit.Kind.SYNC, Map.of(A0, 5L));
            subject.world.standing.raiseEpoch();
            return subject;
        });
        table.state("before a rebalance, its epoch was raised", () -> {
            Subject subject = found.get().submitted(Commit.Kind.BEFORE_REBALANCE, Map.of(A0, 5L));
            subject.world.standing.raiseEpoch();
            return subject;
        });
        table.state("its epoch was raised and A0 taken away", () -> {
            Subject subject = found.get().submitted(Commit.Kind.SYNC, Map.of(A0, 5L));
            subject.world.standing.raiseEpoch();
            subject.world.standing.owned.remove(A0);
            return subject;
        });
        table.state("fenced meanwhile", () -> {
            Subject subject = found.get().submitted(Commit.Kind.SYNC, Map.of(A0, 5L));
            subject.submitted(Commit.Kind.ASYNC, Map.of(A1, 5L));
            subject.world.standing.beFenced();
            return subject;
        });
        table.state("fenced and rejoining", () -> {
            Subject subject = found.get().submitted(Commit.Kind.SYNC, Map.of(A0, 5L));
            subject.world.standing.beFenced();
            subject.world.standing.rebalancing = true;
            return subject;
        });
        table.state("the group rebalances", () -> {
            Subject subject = found.get();
            subject.world.standing.rebalancing = true;
            return subject;
        });
        table.state("looking up two", () -> {
            Subject subject = found.get();
            subject.world.positions.assign(inOrder(1, 2), AssignmentStart.inGroup());
            subject.world.turnWithoutCoordinator();
            return subject;
        });
        table.state("asked twice", () -> {
            Subject subject = found.get();
            subject.world.committed.ask(1, Set.of(A0, B0));
            subject.world.committed.ask(2, Set.of(A0));
            subject.world.turnWithoutCoordinator();
            return subject;
        });
    }

    // Inputs.

    private static void inputs(GoldenTable<Subject> table) {
        table.input("nothing", subject -> {});
        for (Commit.Kind kind : Commit.Kind.values()) {
            table.input(
                    "submit " + kind, subject -> subject.submit(kind, subject.world.standing.identity, Map.of(A0, 9L)));
        }
        table.input(
                "submit nothing",
                subject -> subject.submit(Commit.Kind.ASYNC, subject.world.standing.identity, Map.of()));
        table.input("submit by nobody", subject -> subject.submit(Commit.Kind.SYNC, null, Map.of(A0, 9L)));
        table.input(
                "submit of an earlier membership",
                subject -> subject.submit(Commit.Kind.SYNC, new MemberIdentity("g", "m", 5, "i", 77), Map.of(A0, 9L)));
        Predicate<Subject> commits = subject -> subject.first(OffsetCommitRequest.class) != null;
        table.input("stored", commits, subject -> subject.answer(Map.of(), BrokerError.NONE));
        for (BrokerError error : ERRORS) {
            table.input("all " + error, commits, subject -> subject.answer(Map.of(), error));
            table.input("a-0 " + error, commits, subject -> subject.answer(Map.of(A0, error), BrokerError.NONE));
        }
        table.input(
                "different errors",
                commits,
                subject -> subject.answer(
                        Map.of(A0, BrokerError.TOPIC_AUTHORIZATION_FAILED), BrokerError.COORDINATOR_LOAD_IN_PROGRESS));
        table.input(
                "different errors, the graver later",
                commits,
                subject -> subject.answer(
                        Map.of(A0, BrokerError.COORDINATOR_LOAD_IN_PROGRESS), BrokerError.UNKNOWN_MEMBER_ID));
        table.input("an answer about nothing", commits, subject -> {
            subject.world.answer(
                    subject.first(OffsetCommitRequest.class), new OffsetCommitResponse(0, new HashMap<>()));
        });
        for (RequestFailure.Kind kind : RequestFailure.Kind.values()) {
            table.input(
                    "commit " + kind,
                    commits,
                    subject -> subject.world.fail(subject.first(OffsetCommitRequest.class), kind));
            table.input(
                    "look-up " + kind,
                    subject -> subject.first(OffsetFetchRequest.class) != null,
                    subject -> subject.world.fail(subject.first(OffsetFetchRequest.class), kind));
        }
        lookUps(table);
        table.input("abandon the first", subject -> subject.world.commits.abandon(1));
        table.input("release a-0", subject -> subject.world.commits.release(Set.of(A0)));
        table.input("cancel 1", subject -> subject.world.committed.cancel(1));
        table.input("ask", subject -> subject.world.committed.ask(9, Set.of(A1)));
        table.input("20 s pass", subject -> subject.world.now += 20 * SECOND);
        table.input("not ready", subject -> subject.world.notReady());
        table.input(
                "credentials are refused",
                subject -> subject.world.unreachable(CommitWorld.failure(RequestFailure.Kind.AUTHENTICATION)));
        table.input("the coordinator is forgotten", subject -> {
            Coordinator.Instance known = subject.world.coordinator.instance();
            if (known != null) {
                subject.world.coordinator.forget(known, "gone");
            }
        });
        table.input(
                "look-up without rights",
                subject -> subject.first(FindCoordinatorRequest.class) != null,
                subject -> subject.world.answer(
                        subject.first(FindCoordinatorRequest.class),
                        new FindCoordinatorResponse(0, BrokerError.GROUP_AUTHORIZATION_FAILED, (short) 30, null)));
    }

    private static void lookUps(GoldenTable<Subject> table) {
        Predicate<Subject> asks = subject -> subject.first(OffsetFetchRequest.class) != null;
        Found five = new Found(BrokerError.NONE, (short) 0, 5, 0, "m");
        Found zero = new Found(BrokerError.NONE, (short) 0, 0, -1, null);
        Found none = new Found(BrokerError.NONE, (short) 0, -1, -1, "");
        table.input(
                "found", asks, subject -> subject.answerFetch(BrokerError.NONE, Map.of(A0, five, A1, zero, B0, zero)));
        table.input(
                "none", asks, subject -> subject.answerFetch(BrokerError.NONE, Map.of(A0, none, A1, five, B0, none)));
        table.input("nothing about them", asks, subject -> subject.answerFetch(BrokerError.NONE, Map.of()));
        for (BrokerError error : List.of(
                BrokerError.UNSTABLE_OFFSET_COMMIT,
                BrokerError.UNKNOWN_TOPIC_ID,
                BrokerError.COORDINATOR_LOAD_IN_PROGRESS,
                BrokerError.NOT_COORDINATOR,
                BrokerError.STALE_MEMBER_EPOCH,
                BrokerError.TOPIC_AUTHORIZATION_FAILED)) {
            Found said = new Found(error, error.code(), -1, -1, null);
            table.input(
                    "a-0 is " + error,
                    asks,
                    subject -> subject.answerFetch(BrokerError.NONE, Map.of(A0, said, A1, five, B0, five)));
            table.input("group is " + error, asks, subject -> subject.answerFetch(error, Map.of()));
        }
        table.input("unstable for 11 s", asks, subject -> {
            Found unstable = new Found(BrokerError.UNSTABLE_OFFSET_COMMIT, (short) 88, -1, -1, null);
            for (int i = 0; i < 14; i++) {
                if (subject.first(OffsetFetchRequest.class) != null) {
                    subject.answerFetch(BrokerError.NONE, Map.of(A0, unstable, A1, five, B0, five));
                }
                subject.world.now += SECOND;
                subject.world.turnWithoutCoordinator();
            }
        });
        table.input("a seek, then found", asks, subject -> {
            TrackedPartition tracked = subject.world.positions.get(A0);
            if (tracked != null) {
                subject.world.positions.assign(inOrder(9, 2), AssignmentStart.inGroup());
            }
            subject.answerFetch(BrokerError.NONE, Map.of(A0, five, A1, five, B0, five));
        });
    }

    /** What follows at once, with a coordinator found, and after a back-off. */
    private static String row(Subject subject, Consumer<Subject> input) {
        subject.news();
        input.accept(subject);
        subject.world.turnWithoutCoordinator();
        StringBuilder row = new StringBuilder(subject.news());
        subject.findCoordinator();
        row.append(" / ").append(subject.news());
        subject.world.ready();
        subject.world.now += 150 * MILLI;
        subject.world.turnWithoutCoordinator();
        subject.findCoordinator();
        row.append(" / ").append(subject.news());
        subject.world.now += 2 * SECOND;
        subject.world.turnWithoutCoordinator();
        subject.findCoordinator();
        return row.append(" / ").append(subject.news()).toString();
    }

    private static GoldenTable<Subject> table(GroupSettings.Protocol protocol) {
        GoldenTable<Subject> table = new GoldenTable<>();
        states(table, () -> new Subject(protocol));
        inputs(table);
        return table;
    }

    @Test
    void inTheConsumerProtocol() {
        table(GroupSettings.Protocol.CONSUMER).compare("commits-consumer.txt", CommitTableTest::row);
    }

    @Test
    void inTheClassicProtocol() {
        table(GroupSettings.Protocol.CLASSIC).compare("commits-classic.txt", CommitTableTest::row);
    }
}
