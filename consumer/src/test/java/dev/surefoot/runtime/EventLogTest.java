package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.cluster.TopicAbsence;
import dev.surefoot.core.engine.EngineEvent;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.GroupEvent;
import dev.surefoot.core.position.PartitionFault;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Log lines are plain text: no line shows how one of our own types is written in code. */
class EventLogTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    private final List<String> lines = new ArrayList<>();
    private final EventLog log = new EventLog(LogLines.to(lines::add), "me");

    private void assertPlain() {
        assertThat(lines)
                .isNotEmpty()
                .allSatisfy(line ->
                        assertThat(line).doesNotContainPattern("[A-Z]\\w*\\[").doesNotContainPattern("[A-Z]+_[A-Z]+"));
    }

    @Test
    void aLostPositionIsToldInFull() {
        log.lost(new EngineEvent.PositionLost(PARTITION, "offset 5 is out of range; goes on at offset 60"));

        assertThat(lines)
                .containsExactly("warn [me] Position of t-0 lost: offset 5 is out of range; goes on at offset 60");
    }

    @ParameterizedTest
    @EnumSource
    void aMismatchIsNamedInWords(Verdict.Mismatch divergence) {
        log.disturbed(new EngineEvent.SessionDisturbed(1, new Verdict.SessionMismatch(divergence, "t-0")));

        assertPlain();
    }

    @ParameterizedTest
    @EnumSource
    void aDoubtIsNamedInWords(Verdict.DoubtReason reason) {
        FetchTarget target = new FetchTarget(7, 0, 0, 100);
        for (int repeats = 1; repeats <= 3; repeats++) {
            Verdict.Doubt doubt = new Verdict.Doubt(PARTITION, target, reason, repeats);
            log.disturbed(new EngineEvent.SessionDisturbed(
                    1, new Verdict.Accepted(Verdict.Outcome.CONTINUED, List.of(), List.of(doubt))));
        }

        assertThat(lines).hasSize(1);
        assertPlain();
    }

    @Test
    void aRefusedSessionKeepsTheProtocolsName() {
        log.disturbed(new EngineEvent.SessionDisturbed(1, new Verdict.Refused(BrokerError.FETCH_SESSION_ID_NOT_FOUND)));

        assertThat(lines).singleElement().asString().contains("(FETCH_SESSION_ID_NOT_FOUND)");
    }

    @Test
    void aRefusalWithACodeOfTheFutureKeepsItsNumber() {
        Verdict refused = new Verdict.Refused(BrokerError.UNKNOWN_SERVER_ERROR, (short) 9999);
        log.disturbed(new EngineEvent.SessionDisturbed(1, refused));

        assertThat(lines).singleElement().asString().contains("error code 9999, which this version does not know");
    }

    private static EngineEvent.FaultLasts lasting(int partition, int nodeId, short code, long atSeconds) {
        TopicPartition name = new TopicPartition("t", partition);
        long lastNanos = TimeUnit.SECONDS.toNanos(atSeconds);
        PartitionFault fault = new PartitionFault(
                PartitionFault.Api.FETCH,
                nodeId,
                BrokerError.forCode(code),
                code,
                5,
                lastNanos - TimeUnit.SECONDS.toNanos(3),
                lastNanos);
        return new EngineEvent.FaultLasts(
                name, fault, BrokerError.forCode(code).exception("Fetching " + name + " from offset 5", code));
    }

    @Test
    void anErrorThatLastsIsNamedWithBrokerAndCodeAndWarnedOfAsAStallOnly() {
        log.faultLasts(lasting(0, 3, (short) 9999, 50));

        assertThat(lines)
                .containsExactly("debug [me] Fetching t-0 from offset 5: error code 9999, which this version does not"
                        + " know (code 9999), as broker 3 has answered 5 times in a row over 3 s; it is asked again");
    }

    @Test
    void aTopicThatDoesNotExistIsWarnedOfWithWhatToDo() {
        log.absent(new EngineEvent.TopicAbsent("t", absence(BrokerError.UNKNOWN_TOPIC_OR_PARTITION, false), "c1"));

        assertThat(lines)
                .containsExactly("warn [me] Topic t does not exist, as brokers of cluster c1 have said 4 times over 3"
                        + " s; check its name and bootstrap.servers, or create it. The client keeps asking");
    }

    @Test
    void aTopicThatWasDeletedIsWarnedOf() {
        log.absent(new EngineEvent.TopicAbsent("t", absence(BrokerError.UNKNOWN_TOPIC_OR_PARTITION, true), "c1"));

        assertThat(lines).singleElement().asString().contains("Topic t (id ", "was deleted", "subscription");
    }

    @Test
    void aTopicThatCannotBeDescribedIsWarnedOfWithTheError() {
        log.absent(new EngineEvent.TopicAbsent("t", absence(BrokerError.UNKNOWN_SERVER_ERROR, false), null));

        assertThat(lines).singleElement().asString().contains("cannot describe topic t: UNKNOWN_SERVER_ERROR");
    }

    private static TopicAbsence absence(BrokerError error, boolean describedBefore) {
        return new TopicAbsence(error, error.code(), 0, 3_500_000_000L, 4, new Uuid(1, 1), describedBefore);
    }

    @Test
    void aPartitionThatDoesNotExistIsNamed() {
        log.absent(new EngineEvent.PartitionAbsent(PARTITION, 6, 4, 3_500_000_000L));
        log.absenceEnded(new EngineEvent.AbsenceEnded("t-0", 9_000_000_000L));

        assertPlain();
        assertThat(lines.get(0)).contains("Partition t-0 does not exist: the topic has 6 partitions");
        assertThat(lines.get(1)).isEqualTo("info [me] t-0 exists now, after 9 s");
    }

    @Test
    void aRebalanceIsOneLineAtInfo() {
        log.grouped(new GroupEvent.RebalanceStarted("topic subscription changed"));
        log.grouped(new GroupEvent.HeartbeatSent());
        log.grouped(new GroupEvent.RequestEnded(GroupEvent.Api.JOIN, 5));
        log.grouped(new GroupEvent.RoundFailed());
        log.grouped(new GroupEvent.RebalanceEnded(7, 3, 12_000_000, false));

        assertThat(lines)
                .containsExactly(
                        "debug [me] A rebalance begins: topic subscription changed",
                        "info [me] The rebalance has ended after 12 ms, in generation or epoch 7, with 3 partitions; it"
                                + " began because: topic subscription changed");
    }

    @Test
    void aFailedRebalanceIsSaidToHaveFailed() {
        log.grouped(new GroupEvent.RebalanceEnded(7, 0, 12_000_000, true));
        assertThat(lines).singleElement().asString().contains("has failed after 12 ms");
    }

    @Test
    void whatIsWrongWithAGroupIsAWarning() {
        log.grouped(new GroupEvent.OffsetsOutdated(Set.of(PARTITION)));
        log.grouped(new GroupEvent.OffsetUnstable(PARTITION, 11_000_000_000L));
        log.grouped(new GroupEvent.LeaseLapsed(0));
        log.grouped(new GroupEvent.MembershipEnded("UNKNOWN_MEMBER_ID", null));

        assertThat(lines).hasSize(4).allSatisfy(line -> assertThat(line).startsWith("warn [me] "));
        assertThat(lines.get(0)).contains("t-0").contains("created anew");
        assertThat(lines.get(1)).contains("t-0").contains("11000 ms");
    }
}
