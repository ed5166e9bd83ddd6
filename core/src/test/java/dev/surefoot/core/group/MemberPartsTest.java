package dev.surefoot.core.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.cluster.TopicDirectory;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.OffsetCommit.Stored;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.core.time.Deadline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** The small parts of a member, each by itself. */
class MemberPartsTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;
    private static final TopicPartition T0 = new TopicPartition("t", 0);
    private static final TopicPartition T1 = new TopicPartition("t", 1);
    private static final TopicPartition T2 = new TopicPartition("t", 2);

    private static Backoff backoff() {
        return new Backoff(100 * MILLI, SECOND, new SplittableRandom(1));
    }

    @Test
    void aTokenIsSettledOnceAndOneIsOutstandingAtMost() {
        Tokens tokens = new Tokens();
        assertThat(tokens.settle(0)).as("none is outstanding").isFalse();
        long first = tokens.issue();
        assertThatIllegalStateException().isThrownBy(tokens::issue);
        assertThat(tokens.settle(first + 1)).isFalse();
        assertThat(tokens.settle(first)).isTrue();
        assertThat(tokens.settle(first)).isFalse();
        assertThat(tokens.isOutstanding()).isFalse();
        assertThat(tokens.issue()).isGreaterThan(first);
    }

    @Test
    void theFirstReasonOfARejoinStaysButOneWithoutWordsDoesNot() {
        RejoinRequest rejoin = new RejoinRequest();
        rejoin.request("");
        rejoin.request("first");
        rejoin.request("second");
        assertThat(rejoin.reason()).isEqualTo("first");
        rejoin.clear();
        assertThat(rejoin.dueNanos()).isEqualTo(Deadline.NEVER);
        rejoin.request("third");
        assertThat(rejoin.reason()).isEqualTo("third");
    }

    @Test
    void aRejoinThatIsPutOffGivesWayToOneAtOnceAndNotTheOtherWayRound() {
        RejoinRequest rejoin = new RejoinRequest();
        rejoin.requestAt("later", 50);
        assertThat(rejoin.isDue(49)).isFalse();
        assertThat(rejoin.isDue(50)).isTrue();
        rejoin.requestAt("still later", 90);
        assertThat(rejoin.dueNanos()).isEqualTo(50);
        rejoin.request("at once");
        assertThat(rejoin.isDue(0)).isTrue();
        assertThat(rejoin.reason()).isEqualTo("at once");
        rejoin.requestAt("later again", 70);
        assertThat(rejoin.reason()).isEqualTo("at once");
        assertThat(rejoin.dueNanos()).isZero();
    }

    @Test
    void theThirdRetryInARowBacksOff() {
        JoinRetries retries = new JoinRetries(backoff());
        retries.retryAtOnce(SECOND);
        assertThat(retries.isDue(SECOND)).isTrue();
        retries.retryAtOnce(SECOND);
        assertThat(retries.isDue(SECOND)).isTrue();
        retries.retryAtOnce(SECOND);
        assertThat(retries.dueNanos()).isBetween(SECOND + 150 * MILLI, SECOND + 250 * MILLI);
        retries.synced();
        retries.retryAtOnce(2 * SECOND);
        assertThat(retries.isDue(2 * SECOND)).isTrue();
    }

    @Test
    void aReasonHas255CharactersAtMost() {
        assertThat(PendingLeaves.cut("r".repeat(255))).hasSize(255);
        assertThat(PendingLeaves.cut("r".repeat(256))).hasSize(255);
        assertThat(PendingLeaves.cut("short")).isEqualTo("short");
    }

    @Test
    void aGenerationOfNumber0IsOne() {
        ClassicIdentity identity = new ClassicIdentity("g", null);
        assertThat(identity.hasGeneration()).isFalse();
        identity.join("m", 0);
        assertThat(identity.hasGeneration()).isTrue();
        long incarnation = identity.current().incarnation();
        identity.join("m", 1);
        assertThat(identity.current().incarnation()).as("the same membership").isEqualTo(incarnation);
        identity.end(true);
        identity.join("m", 2);
        assertThat(identity.current().incarnation()).isGreaterThan(incarnation + 1);
    }

    @Test
    void anIdThatNoSyncHasConfirmedMayBeUnknownOnce() {
        ClassicIdentity identity = new ClassicIdentity("g", "i");
        assertThat(identity.mayBeUnknown()).as("there is none").isFalse();
        identity.join("m", 1);
        assertThat(identity.mayBeUnknown()).isTrue();
        identity.joinAnew();
        assertThat(identity.mayBeUnknown()).isFalse();
        identity.confirm();
        assertThat(identity.mayBeUnknown()).as("it is known").isFalse();
        identity.join("n", 2);
        assertThat(identity.mayBeUnknown()).isTrue();
        identity.end(false);
        assertThat(identity.mayBeUnknown()).as("there is none any more").isFalse();
    }

    @Test
    void heartbeatsThatFailInARowComeLessAndLessOften() {
        HeartbeatTimer timer = new HeartbeatTimer(
                new GroupSettings.Timing(45_000, 3_000, 300_000, 30 * SECOND, 100 * MILLI, SECOND), backoff());
        timer.start(0);
        timer.failed(SECOND);
        assertThat(timer.dueNanos()).isBetween(SECOND + 80 * MILLI, SECOND + 120 * MILLI);
        timer.sent(2 * SECOND);
        timer.failed(2 * SECOND);
        assertThat(timer.dueNanos()).isBetween(2 * SECOND + 160 * MILLI, 2 * SECOND + 240 * MILLI);
    }

    @Test
    void theGravestErrorOfAnAnswerDecides() {
        Map<TopicPartition, Stored> answer = new LinkedHashMap<>();
        answer.put(T0, new Stored(BrokerError.COORDINATOR_LOAD_IN_PROGRESS, (short) 14));
        answer.put(T1, new Stored(BrokerError.TOPIC_AUTHORIZATION_FAILED, (short) 29));
        answer.put(T2, new Stored(BrokerError.TOPIC_AUTHORIZATION_FAILED, (short) 29));
        CommitAnswer said = new CommitAnswer(List.of(T0, T1, T2), answer);
        assertThat(said.reaction()).isEqualTo(CommitReaction.UNAUTHORIZED_TOPIC);
        assertThat(said.decisive()).containsExactly(T1, T2);
        assertThat(said.stored()).isEmpty();
        assertThat(said.describe()).isEqualTo("TOPIC_AUTHORIZATION_FAILED");
        assertThat(said.unauthorized()).hasMessage("Not authorized to commit offsets of topics [t]");

        answer.put(T0, new Stored(BrokerError.TOPIC_AUTHORIZATION_FAILED, (short) 29));
        answer.put(T1, new Stored(BrokerError.COORDINATOR_LOAD_IN_PROGRESS, (short) 14));
        assertThat(new CommitAnswer(List.of(T0, T1, T2), answer).decisive())
                .as("whatever comes after the gravest")
                .containsExactly(T0, T2);

        CommitAnswer partly = new CommitAnswer(
                List.of(T0, T1),
                Map.of(
                        T1,
                        new Stored(BrokerError.TOPIC_AUTHORIZATION_FAILED, (short) 29),
                        T0,
                        new Stored(BrokerError.NONE, (short) 0)));
        assertThat(partly.stored()).containsExactly(T0);
        assertThat(partly.decisive()).containsExactly(T1);
        assertThat(partly.unauthorized()).hasMessageContaining("the offsets of [t-0] were committed");
    }

    @Test
    void ofTwoTopicsThatHaveHadTheSameNameThePresentOneCounts() {
        Uuid before = new Uuid(1, 1);
        Uuid now = new Uuid(1, 2);
        Uuid unknown = new Uuid(9, 9);
        TopicDirectory topics = new TopicDirectory();
        describe(topics, before);
        Map<Uuid, Set<Integer>> both = new LinkedHashMap<>();
        both.put(before, Set.of(0));
        both.put(now, Set.of(1));
        both.put(unknown, Set.of(2));
        TargetAssignment target = new TargetAssignment(1, both, 0);
        assertThat(target.resolved(topics))
                .extracting(partition -> partition.topicId())
                .containsExactly(before);
        assertThat(target.unresolved(topics)).containsExactlyInAnyOrder(now, unknown);
        describe(topics, now);
        assertThat(target.resolved(topics))
                .extracting(partition -> partition.topicId())
                .containsExactly(now);
        assertThat(target.names(topics)).containsExactly("t");
        TargetAssignment old = new TargetAssignment(2, Map.of(before, Set.of(0)), 0);
        assertThat(old.resolved(topics))
                .as("the coordinator may not know of the new one yet")
                .extracting(partition -> partition.topicId())
                .containsExactly(before);
    }

    private static void describe(TopicDirectory topics, Uuid id) {
        topics.update(
                new MetadataAnswer(
                        BrokerError.NONE,
                        0,
                        null,
                        List.of(),
                        List.of(new TopicMetadata("t", id, BrokerError.NONE, false, List.of()))),
                false);
    }

    @Test
    void aRebalanceEndsOnceAndBeginsOnce() {
        List<GroupEffect> effects = new ArrayList<>();
        RebalanceReport report = new RebalanceReport(effects::add);
        report.ended(1, 1, false, 5);
        assertThat(effects).isEmpty();
        report.started("first", 10);
        report.started("second", 20);
        report.ended(2, 3, false, 50);
        report.ended(2, 3, true, 60);
        assertThat(effects)
                .containsExactly(
                        new GroupEffect.Report(new GroupEvent.RebalanceStarted("first")),
                        new GroupEffect.Report(new GroupEvent.RebalanceEnded(2, 3, 40, false)));
    }
}
