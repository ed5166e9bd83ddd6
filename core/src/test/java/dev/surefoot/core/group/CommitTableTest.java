package dev.surefoot.core.group;

import static dev.surefoot.core.group.CommitWorld.A0;
import static dev.surefoot.core.group.CommitWorld.A1;
import static dev.surefoot.core.group.CommitWorld.B0;
import static dev.surefoot.core.group.CommitWorld.MILLI;
import static dev.surefoot.core.group.CommitWorld.SECOND;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorResponse;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitResponse;
import dev.surefoot.core.group.OffsetFetch.Found;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchRequest;
import dev.surefoot.core.handover.MemberIdentity;
import dev.surefoot.core.position.AssignmentStart;
import dev.surefoot.core.position.TrackedPartition;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
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

    /** The order of a map of {@code Map.of} differs from JVM to JVM. */
    private static Map<TopicPartition, Long> inOrder(long firstGeneration, long secondGeneration) {
        Map<TopicPartition, Long> generations = new LinkedHashMap<>();
        generations.put(A0, firstGeneration);
        generations.put(A1, secondGeneration);
        return generations;
    }

    // States.

    private static void states(GoldenTable<CommitSubject> table, Supplier<CommitSubject> fresh) {
        Supplier<CommitSubject> found = () -> fresh.get().found();
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
            CommitSubject subject = found.get().submitted(Commit.Kind.SYNC, Map.of(A0, 5L, B0, 7L));
            subject.submitted(Commit.Kind.ASYNC, Map.of(A0, 6L));
            subject.answer(Map.of(), BrokerError.COORDINATOR_LOAD_IN_PROGRESS);
            return subject;
        });
        table.state("seven submitted", () -> {
            CommitSubject subject = found.get();
            for (long offset = 1; offset <= 7; offset++) {
                subject.submit(Commit.Kind.ASYNC, subject.world.standing.identity, Map.of(A0, offset));
            }
            subject.world.turnWithoutCoordinator();
            return subject;
        });
        table.state("by nobody", () -> {
            CommitSubject subject = found.get();
            subject.submit(Commit.Kind.SYNC, null, Map.of(A0, 5L));
            subject.world.turnWithoutCoordinator();
            return subject;
        });
        statesOfTheMember(table, found);
    }

    private static void statesOfTheMember(GoldenTable<CommitSubject> table, Supplier<CommitSubject> found) {
        table.state("its epoch was raised", () -> {
            CommitSubject subject = found.get().submitted(Commit.Kind.SYNC, Map.of(A0, 5L));
            subject.world.standing.raiseEpoch();
            return subject;
        });
        table.state("before a rebalance, its epoch was raised", () -> {
            CommitSubject subject = found.get().submitted(Commit.Kind.BEFORE_REBALANCE, Map.of(A0, 5L));
            subject.world.standing.raiseEpoch();
            return subject;
        });
        table.state("its epoch was raised and A0 taken away", () -> {
            CommitSubject subject = found.get().submitted(Commit.Kind.SYNC, Map.of(A0, 5L));
            subject.world.standing.raiseEpoch();
            subject.world.standing.owned.remove(A0);
            return subject;
        });
        table.state("fenced meanwhile", () -> {
            CommitSubject subject = found.get().submitted(Commit.Kind.SYNC, Map.of(A0, 5L));
            subject.submitted(Commit.Kind.ASYNC, Map.of(A1, 5L));
            subject.world.standing.beFenced();
            return subject;
        });
        table.state("fenced and rejoining", () -> {
            CommitSubject subject = found.get().submitted(Commit.Kind.SYNC, Map.of(A0, 5L));
            subject.world.standing.beFenced();
            subject.world.standing.rebalancing = true;
            return subject;
        });
        table.state("the group rebalances", () -> {
            CommitSubject subject = found.get();
            subject.world.standing.rebalancing = true;
            return subject;
        });
        table.state("looking up two", () -> {
            CommitSubject subject = found.get();
            subject.world.positions.assign(inOrder(1, 2), AssignmentStart.inGroup());
            subject.world.turnWithoutCoordinator();
            return subject;
        });
        table.state("asked twice", () -> {
            CommitSubject subject = found.get();
            subject.world.committed.ask(1, Set.of(A0, B0));
            subject.world.committed.ask(2, Set.of(A0));
            subject.world.turnWithoutCoordinator();
            return subject;
        });
    }

    // Inputs.

    private static void inputs(GoldenTable<CommitSubject> table) {
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
        Predicate<CommitSubject> commits = subject -> subject.first(OffsetCommitRequest.class) != null;
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
        happenings(table);
    }

    private static void happenings(GoldenTable<CommitSubject> table) {
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

    private static void lookUps(GoldenTable<CommitSubject> table) {
        Predicate<CommitSubject> asks = subject -> subject.first(OffsetFetchRequest.class) != null;
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
    private static String row(CommitSubject subject, Consumer<CommitSubject> input) {
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

    @Test
    void inTheConsumerProtocol() {
        GoldenTable<CommitSubject> table = new GoldenTable<>();
        states(table, () -> new CommitSubject(GroupSettings.Protocol.CONSUMER));
        inputs(table);
        table.compare("commits.txt", CommitTableTest::row);
    }
}
