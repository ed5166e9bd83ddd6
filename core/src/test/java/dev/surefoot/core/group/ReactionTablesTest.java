package dev.surefoot.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What each error of each API means, for every error that a broker may give. {@link ConsumerReactionTest} has the table
 * of heartbeats of the consumer protocol.
 */
class ReactionTablesTest {
    private static final Map<BrokerError, ClassicReaction> OF_JOIN = Map.of(
            BrokerError.NONE, ClassicReaction.NONE,
            BrokerError.REBALANCE_IN_PROGRESS, ClassicReaction.AGAIN,
            BrokerError.COORDINATOR_LOAD_IN_PROGRESS, ClassicReaction.BACK_OFF,
            BrokerError.REQUEST_TIMED_OUT, ClassicReaction.BACK_OFF,
            BrokerError.COORDINATOR_NOT_AVAILABLE, ClassicReaction.FIND_COORDINATOR,
            BrokerError.NOT_COORDINATOR, ClassicReaction.FIND_COORDINATOR,
            BrokerError.MEMBER_ID_REQUIRED, ClassicReaction.TAKE_MEMBER_ID,
            BrokerError.ILLEGAL_GENERATION, ClassicReaction.LOSE_GENERATION,
            BrokerError.UNKNOWN_MEMBER_ID, ClassicReaction.LOSE_MEMBERSHIP,
            BrokerError.FENCED_INSTANCE_ID, ClassicReaction.FENCE);

    private static final Map<BrokerError, ClassicReaction> OF_MEMBER = Map.of(
            BrokerError.NONE, ClassicReaction.NONE,
            BrokerError.REBALANCE_IN_PROGRESS, ClassicReaction.REJOIN,
            BrokerError.COORDINATOR_LOAD_IN_PROGRESS, ClassicReaction.BACK_OFF,
            BrokerError.REQUEST_TIMED_OUT, ClassicReaction.BACK_OFF,
            BrokerError.COORDINATOR_NOT_AVAILABLE, ClassicReaction.FIND_COORDINATOR,
            BrokerError.NOT_COORDINATOR, ClassicReaction.FIND_COORDINATOR,
            BrokerError.ILLEGAL_GENERATION, ClassicReaction.LOSE_GENERATION,
            BrokerError.UNKNOWN_MEMBER_ID, ClassicReaction.LOSE_MEMBERSHIP,
            BrokerError.FENCED_INSTANCE_ID, ClassicReaction.FENCE);

    private static final Map<BrokerError, ClassicReaction> OF_MEMBER_BY_COMMIT = Map.of(
            BrokerError.REBALANCE_IN_PROGRESS, ClassicReaction.REJOIN,
            BrokerError.ILLEGAL_GENERATION, ClassicReaction.LOSE_GENERATION,
            BrokerError.UNKNOWN_MEMBER_ID, ClassicReaction.LOSE_MEMBERSHIP,
            BrokerError.FENCED_INSTANCE_ID, ClassicReaction.FENCE);

    private static final Map<BrokerError, CommitReaction> OF_COMMIT = Map.ofEntries(
            Map.entry(BrokerError.NONE, CommitReaction.STORED),
            Map.entry(BrokerError.UNKNOWN_TOPIC_OR_PARTITION, CommitReaction.UNKNOWN_TOPIC),
            Map.entry(BrokerError.UNKNOWN_TOPIC_ID, CommitReaction.UNKNOWN_TOPIC),
            Map.entry(BrokerError.COORDINATOR_LOAD_IN_PROGRESS, CommitReaction.BACK_OFF),
            Map.entry(BrokerError.REQUEST_TIMED_OUT, CommitReaction.FIND_COORDINATOR),
            Map.entry(BrokerError.COORDINATOR_NOT_AVAILABLE, CommitReaction.FIND_COORDINATOR),
            Map.entry(BrokerError.NOT_COORDINATOR, CommitReaction.FIND_COORDINATOR),
            Map.entry(BrokerError.TOPIC_AUTHORIZATION_FAILED, CommitReaction.UNAUTHORIZED_TOPIC),
            Map.entry(BrokerError.STALE_MEMBER_EPOCH, CommitReaction.STALE_EPOCH),
            Map.entry(BrokerError.REBALANCE_IN_PROGRESS, CommitReaction.REBALANCING),
            Map.entry(BrokerError.ILLEGAL_GENERATION, CommitReaction.NO_MEMBER),
            Map.entry(BrokerError.UNKNOWN_MEMBER_ID, CommitReaction.NO_MEMBER),
            Map.entry(BrokerError.GROUP_ID_NOT_FOUND, CommitReaction.NO_MEMBER),
            Map.entry(BrokerError.FENCED_MEMBER_EPOCH, CommitReaction.NO_MEMBER),
            Map.entry(BrokerError.FENCED_INSTANCE_ID, CommitReaction.FENCED));

    private static final Map<BrokerError, OffsetFetchReaction> OF_OFFSET_FETCH = Map.ofEntries(
            Map.entry(BrokerError.NONE, OffsetFetchReaction.FOUND),
            Map.entry(BrokerError.UNSTABLE_OFFSET_COMMIT, OffsetFetchReaction.UNSTABLE),
            Map.entry(BrokerError.UNKNOWN_TOPIC_OR_PARTITION, OffsetFetchReaction.UNKNOWN_TOPIC),
            Map.entry(BrokerError.UNKNOWN_TOPIC_ID, OffsetFetchReaction.UNKNOWN_TOPIC),
            Map.entry(BrokerError.COORDINATOR_LOAD_IN_PROGRESS, OffsetFetchReaction.BACK_OFF),
            Map.entry(BrokerError.REQUEST_TIMED_OUT, OffsetFetchReaction.BACK_OFF),
            Map.entry(BrokerError.COORDINATOR_NOT_AVAILABLE, OffsetFetchReaction.FIND_COORDINATOR),
            Map.entry(BrokerError.NOT_COORDINATOR, OffsetFetchReaction.FIND_COORDINATOR),
            Map.entry(BrokerError.UNKNOWN_MEMBER_ID, OffsetFetchReaction.OTHER_IDENTITY),
            Map.entry(BrokerError.STALE_MEMBER_EPOCH, OffsetFetchReaction.OTHER_IDENTITY),
            Map.entry(BrokerError.ILLEGAL_GENERATION, OffsetFetchReaction.OTHER_IDENTITY),
            Map.entry(BrokerError.FENCED_MEMBER_EPOCH, OffsetFetchReaction.OTHER_IDENTITY),
            Map.entry(BrokerError.GROUP_ID_NOT_FOUND, OffsetFetchReaction.OTHER_IDENTITY));

    @ParameterizedTest
    @EnumSource
    void joinGroup(BrokerError error) {
        assertThat(ClassicReaction.toJoin(error)).isEqualTo(OF_JOIN.getOrDefault(error, ClassicReaction.RAISE));
    }

    @ParameterizedTest
    @EnumSource
    void syncGroupAndHeartbeat(BrokerError error) {
        assertThat(ClassicReaction.ofMember(error)).isEqualTo(OF_MEMBER.getOrDefault(error, ClassicReaction.RAISE));
    }

    @ParameterizedTest
    @EnumSource
    void membershipByTheAnswerToACommit(BrokerError error) {
        assertThat(ClassicReaction.toCommit(error))
                .isEqualTo(OF_MEMBER_BY_COMMIT.getOrDefault(error, ClassicReaction.NONE));
    }

    @ParameterizedTest
    @EnumSource
    void offsetCommit(BrokerError error) {
        assertThat(CommitReaction.to(error)).isEqualTo(OF_COMMIT.getOrDefault(error, CommitReaction.RAISE));
    }

    @ParameterizedTest
    @EnumSource
    void offsetFetch(BrokerError error) {
        assertThat(OffsetFetchReaction.to(error))
                .isEqualTo(OF_OFFSET_FETCH.getOrDefault(error, OffsetFetchReaction.RAISE));
    }
}
