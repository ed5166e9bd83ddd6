package dev.surefoot.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConsumerReactionTest {
    private static final Map<BrokerError, ConsumerReaction> OF_MEMBERS = new EnumMap<>(Map.ofEntries(
            Map.entry(BrokerError.NONE, ConsumerReaction.NONE),
            Map.entry(BrokerError.COORDINATOR_NOT_AVAILABLE, ConsumerReaction.FIND_COORDINATOR),
            Map.entry(BrokerError.NOT_COORDINATOR, ConsumerReaction.FIND_COORDINATOR),
            Map.entry(BrokerError.COORDINATOR_LOAD_IN_PROGRESS, ConsumerReaction.BACK_OFF),
            Map.entry(BrokerError.REQUEST_TIMED_OUT, ConsumerReaction.BACK_OFF),
            Map.entry(BrokerError.FENCED_MEMBER_EPOCH, ConsumerReaction.REJOIN),
            Map.entry(BrokerError.UNKNOWN_MEMBER_ID, ConsumerReaction.REJOIN),
            Map.entry(BrokerError.GROUP_ID_NOT_FOUND, ConsumerReaction.REJOIN),
            Map.entry(BrokerError.UNRELEASED_INSTANCE_ID, ConsumerReaction.AWAIT_INSTANCE),
            Map.entry(BrokerError.TOPIC_AUTHORIZATION_FAILED, ConsumerReaction.RAISE),
            Map.entry(BrokerError.UNKNOWN_SERVER_ERROR, ConsumerReaction.RAISE)));

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
