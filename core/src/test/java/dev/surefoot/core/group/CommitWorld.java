package dev.surefoot.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.cluster.TopicDirectory;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.BrokerChoice;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.Requester;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorResponse;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.MemberIdentity;
import dev.surefoot.core.position.Effect;
import dev.surefoot.core.position.PositionRepair;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.core.time.Backoff;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.DisconnectException;
import org.jspecify.annotations.Nullable;

/** Commits and committed offsets of one consumer, with a scripted coordinator and membership, in virtual time. */
final class CommitWorld {
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000 * MILLI;
    static final TopicPartition A0 = new TopicPartition("a", 0);
    static final TopicPartition A1 = new TopicPartition("a", 1);
    static final TopicPartition B0 = new TopicPartition("b", 0);
    private static final int ANY_BROKER = 1;
    static final Node FIRST = new Node(7, "localhost", 9007);

    /** A request on the wire. */
    record Sent(Request<?> request, Reply<?> reply) {}

    /** What the membership is said to be, and the refusals that it was told. */
    static final class Standing implements MemberStanding {
        MemberIdentity identity = new MemberIdentity("g", "m", 5, "i", 1);
        boolean member = true;
        boolean rebalancing;
        boolean heldBack;
        final Set<TopicPartition> owned = new HashSet<>(Set.of(A0, A1, B0));
        final List<BrokerError> refusals = new ArrayList<>();

        @Override
        public MemberIdentity identity() {
            return identity;
        }

        @Override
        public boolean isMember() {
            return member;
        }

        @Override
        public boolean isRebalancing() {
            return rebalancing;
        }

        @Override
        public boolean isHeldBack() {
            return heldBack;
        }

        @Override
        public Set<TopicPartition> owned() {
            return owned;
        }

        @Override
        public void commitRefused(BrokerError error, MemberIdentity sentWith, long nowNanos) {
            assertThat(sentWith).isEqualTo(identity);
            refusals.add(error);
        }

        void raiseEpoch() {
            identity = new MemberIdentity("g", "m", identity.epoch() + 1, "i", identity.incarnation());
        }

        void beFenced() {
            identity = new MemberIdentity("g", "m", identity.epoch(), "i", identity.incarnation() + 1);
            member = false;
        }
    }

    /** What the application is told of its questions. */
    static final class Told implements CommittedOffsets.Answers {
        final Map<Long, Map<TopicPartition, OffsetAndMetadata>> found = new HashMap<>();
        final Map<Long, KafkaException> failed = new HashMap<>();
        final Map<Long, KafkaException> delayed = new HashMap<>();

        @Override
        public void found(long questionId, Map<TopicPartition, OffsetAndMetadata> offsets) {
            assertThat(found.put(questionId, offsets)).isNull();
        }

        @Override
        public void failed(long questionId, KafkaException cause) {
            assertThat(failed.put(questionId, cause)).isNull();
        }

        @Override
        public void delayed(long questionId, KafkaException cause) {
            delayed.put(questionId, cause);
        }
    }

    final Standing standing = new Standing();
    final List<GroupEffect> effects = new ArrayList<>();
    final List<Effect> positionEffects = new ArrayList<>();
    final Told told = new Told();
    final Coordinator coordinator = new Coordinator("g", 30 * SECOND, new OneBroker(), backoff(), effects::add);
    final Cluster cluster = new Cluster();
    final TopicDirectory topics = new TopicDirectory();
    final Positions positions = new Positions(backoff());
    final Commits commits;
    final CommittedOffsets committed;
    final List<Sent> wire = new ArrayList<>();
    private final Map<Integer, Readiness> readiness = new HashMap<>();
    /** Whether the transport takes no request, though it seemed ready. */
    boolean refuses;

    /** Whether it takes all but the next one. */
    boolean refusesNext;

    long now = SECOND;

    CommitWorld(GroupSettings.Protocol protocol) {
        this(protocol, new ResetStrategy.Earliest());
    }

    CommitWorld(GroupSettings.Protocol protocol, ResetStrategy policy) {
        GroupSettings settings = new GroupSettings(
                "g",
                "i",
                null,
                protocol,
                new GroupSettings.Timing(45_000, 3_000, 300_000, 30 * SECOND, 100 * MILLI, SECOND),
                List.of("range"),
                false,
                null,
                false);
        commits = new Commits(settings, coordinator, standing, topics, backoff(), effects::add);
        committed = new CommittedOffsets(
                settings,
                coordinator,
                standing,
                commits,
                topics,
                positions,
                new PositionRepair(cluster, positions, policy),
                backoff(),
                (applied, nowNanos) -> positionEffects.addAll(applied),
                effects::add,
                told);
    }

    private static Backoff backoff() {
        return new Backoff(100 * MILLI, SECOND, new SplittableRandom(1));
    }

    private static final class OneBroker implements BrokerChoice {
        @Override
        public Choice choose(Outbox outbox, long nowNanos) {
            return new Choice(ANY_BROKER, true, null);
        }

        @Override
        public void tryNext() {}
    }

    private final class Wire implements Outbox {
        @Override
        public List<Integer> bootstrapIds() {
            return List.of();
        }

        @Override
        public Readiness readiness(int nodeId, Purpose purpose) {
            assertThat(purpose).isEqualTo(standing.heldBack ? Purpose.CONTROL : Purpose.COORDINATOR);
            return readiness.getOrDefault(nodeId, new Readiness.Ready(true, true));
        }

        @Override
        public void reconnect(int nodeId, Purpose purpose) {
            throw new AssertionError("commits give nothing up");
        }

        @Override
        public <A extends Answer> boolean send(Request<A> request, Reply<A> reply) {
            if (refusesNext) {
                refusesNext = false;
                return false;
            }
            if (!refuses) {
                wire.add(new Sent(request, reply));
            }
            return !refuses;
        }
    }

    /** One turn of the loop, in which look-ups of the coordinator are answered with {@link #FIRST}. */
    void turn() {
        turnWithoutCoordinator();
        for (Sent lookup : List.copyOf(wire)) {
            if (lookup.request() instanceof FindCoordinatorRequest) {
                answer(lookup, new FindCoordinatorResponse(0, BrokerError.NONE, (short) 0, FIRST));
                turnWithoutCoordinator();
            }
        }
    }

    void turnWithoutCoordinator() {
        Turn turn = new Turn(now, 0, 0, false);
        for (Requester requester : List.of(commits, committed, coordinator)) {
            requester.dispatch(new Wire(), turn);
        }
    }

    /** Metadata says that the topics with these names have these ids. */
    void describe(Map<String, Uuid> ids) {
        List<TopicMetadata> described = new ArrayList<>();
        ids.forEach((name, id) -> described.add(new TopicMetadata(name, id, BrokerError.NONE, false, List.of())));
        topics.update(new MetadataAnswer(BrokerError.NONE, 0, null, List.of(FIRST), described), false);
    }

    /** Lets time go by and makes a turn. */
    void pass(long nanos) {
        now += nanos;
        turn();
    }

    long deadlineNanos() {
        Deadlines deadlines = new Deadlines();
        commits.enterDeadlines(deadlines, now);
        committed.enterDeadlines(deadlines, now);
        return deadlines.earliestNanos();
    }

    /** The coordinator is lost and found, lost again and looked for: how long that waits, in nanoseconds. */
    long backOffAfterALoss() {
        loseCoordinator();
        pass(5 * SECOND);
        assertThat(coordinator.instance()).isNotNull();
        loseCoordinator();
        Deadlines deadlines = new Deadlines();
        coordinator.enterDeadlines(deadlines, now);
        long waits = deadlines.earliestNanos() - now;
        pass(5 * SECOND);
        return waits;
    }

    private void loseCoordinator() {
        Coordinator.Instance known = coordinator.instance();
        if (known != null) {
            coordinator.forget(known, "gone");
        }
        coordinator.need();
    }

    void unreachable(RequestFailure failure) {
        readiness.put(FIRST.id(), new Readiness.Failed(failure));
    }

    void notReady() {
        readiness.put(FIRST.id(), new Readiness.NotYet(Readiness.Cause.CONNECTING, Long.MAX_VALUE));
    }

    void ready() {
        readiness.clear();
    }

    /** Takes the request off the wire and answers it. */
    @SuppressWarnings("unchecked") // the answer is of the request's class, which is checked
    <A extends Answer> void answer(Sent sent, A answer) {
        assertThat(wire.remove(sent)).as("on the wire").isTrue();
        assertThat(answer).isInstanceOf(sent.request().answerType());
        ((Reply<A>) sent.reply()).answered(answer, now);
    }

    void fail(Sent sent, RequestFailure.Kind kind) {
        assertThat(wire.remove(sent)).as("on the wire").isTrue();
        sent.reply().failed(failure(kind), now);
    }

    static RequestFailure failure(RequestFailure.Kind kind) {
        return new RequestFailure(kind, new DisconnectException("scripted " + kind));
    }

    /** The outcomes of commits that the application was told, in their order. */
    List<GroupNotice.CommitSettled> settled() {
        List<GroupNotice.CommitSettled> settled = new ArrayList<>();
        for (GroupEffect effect : effects) {
            if (effect instanceof GroupEffect.Notify notify
                    && notify.notice() instanceof GroupNotice.CommitSettled commit) {
                settled.add(commit);
            }
        }
        return settled;
    }

    List<Long> settledIds() {
        return settled().stream().map(GroupNotice.CommitSettled::commitId).toList();
    }

    /** How this commit failed, or null if it did not; it must have been settled once. */
    @Nullable KafkaException outcome(long id) {
        List<GroupNotice.CommitSettled> of =
                settled().stream().filter(one -> one.commitId() == id).toList();
        assertThat(of).as("outcomes of commit " + id).hasSize(1);
        return of.get(0).failure();
    }

    List<GroupEvent> events() {
        List<GroupEvent> events = new ArrayList<>();
        for (GroupEffect effect : effects) {
            if (effect instanceof GroupEffect.Report report) {
                events.add(report.event());
            }
        }
        return events;
    }
}
