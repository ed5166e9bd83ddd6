package dev.surefoot.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConsumerReactionTest {
    private static final Map<BrokerError, ConsumerReaction> OF_MEMBERS = new EnumMap<>(Map.of(
            BrokerError.NONE, ConsumerReaction.NONE,
            BrokerError.COORDINATOR_NOT_AVAILABLE, ConsumerReaction.FIND_COORDINATOR,
            BrokerError.NOT_COORDINATOR, ConsumerReaction.FIND_COORDINATOR,
            BrokerError.COORDINATOR_LOAD_IN_PROGRESS, ConsumerReaction.BACK_OFF,
            BrokerError.REQUEST_TIMED_OUT, ConsumerReaction.BACK_OFF,
            BrokerError.FENCED_MEMBER_EPOCH, ConsumerReaction.REJOIN,
            BrokerError.UNKNOWN_MEMBER_ID, ConsumerReaction.REJOIN,
            BrokerError.GROUP_ID_NOT_FOUND, ConsumerReaction.REJOIN,
            BrokerError.UNRELEASED_INSTANCE_ID, ConsumerReaction.AWAIT_INSTANCE,
            BrokerError.TOPIC_AUTHORIZATION_FAILED, ConsumerReaction.RAISE,
            BrokerError.UNKNOWN_SERVER_ERROR, ConsumerReaction.RAISE));

    @ParameterizedTest
    @EnumSource
    void aMemberTakesWhatIsNotKnownToPassForTheEnd(BrokerError error) {
        assertThat(ConsumerReaction.to(error, true)).isEqualTo(OF_MEMBERS.getOrDefault(error, ConsumerReaction.FAIL));
    }

    @ParameterizedTest
    @EnumSource
    void aJoinMeetsAGroupOfTheOtherProtocolWhereAMemberMeetsNone(BrokerError error) {
        ConsumerReaction expected = error == BrokerError.GROUP_ID_NOT_FOUND
                ? ConsumerReaction.FAIL
                : OF_MEMBERS.getOrDefault(error, ConsumerReaction.FAIL);
        assertThat(ConsumerReaction.to(error, false)).isEqualTo(expected);
    }
}
