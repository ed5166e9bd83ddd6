package dev.surefoot.core.group;

import static dev.surefoot.core.group.ConsumerWorld.orders;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.GroupNotice.Assigned;
import dev.surefoot.core.handover.GroupNotice.Revoked;
import dev.surefoot.core.handover.MemberIdentity;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InvalidRegularExpression;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the errors of a coordinator do to a member. */
class ConsumerFencingTest {
    private final ConsumerWorld world = new ConsumerWorld();

    private void beat() {
        if (world.wire.isEmpty()) {
            world.pass(ConsumerWorld.INTERVAL_MS);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = BrokerError.class,
            names = {"FENCED_MEMBER_EPOCH", "UNKNOWN_MEMBER_ID", "GROUP_ID_NOT_FOUND"})
    void aMemberThatIsNotCountedLosesAllAndJoinsAnew(BrokerError error) {
        world.makeStable(3, orders(0, 1));
        beat();
        world.refuse(error);

        assertThat(world.membership.isMember()).isFalse();
        assertThat(world.held).hasSize(2);
        assertThat(world.wire)
                .as("no join before the application has given everything up")
                .isEmpty();
        assertThat(world.membership.identity()).isEqualTo(new MemberIdentity("g", "", -1, null, 2));
        assertThat(world.takeAndSettle()).isEqualTo("lost[orders-0, orders-1]");

        assertThat(world.onlyRequest().epoch()).isZero();
        assertThat(world.onlyRequest().memberId()).isEqualTo(ConsumerWorld.MEMBER.toString());
        assertThat(world.onlyRequest().owned()).isEmpty();
        assertThat(world.onlyRequest().rackId()).isEqualTo("rack-1");
        world.answer(5, orders(0, 1));
        assertThat(world.takeAndSettle()).isEqualTo("assigned[orders-0, orders-1]");
        world.answer(5, null);
        assertThat(world.state()).isEqualTo("stable");
        assertThat(world.membership.identity().incarnation()).isEqualTo(3);
        assertThat(world.raised).isEmpty();
        assertThat(world.events.stream().filter(GroupEvent.MembershipEnded.class::isInstance))
                .hasSize(1);
    }

    @Test
    void whoOwnsNothingJoinsAtOnceAndBacksOffFromTheSecondTimeInARow() {
        world.makeStable(3, orders());
        beat();
        world.refuse(BrokerError.FENCED_MEMBER_EPOCH);
        assertThat(world.onlyRequest().epoch()).isZero();
        world.refuse(BrokerError.UNKNOWN_MEMBER_ID);
        assertThat(world.wire).isEmpty();
        world.pass(79);
        assertThat(world.wire).isEmpty();
        world.pass(50);
        assertThat(world.onlyRequest().epoch()).isZero();

        world.answer(4, orders());
        world.takeAndSettle();
        world.answer(4, null);
        beat();
        world.refuse(BrokerError.FENCED_MEMBER_EPOCH);
        assertThat(world.wire).as("an answered heartbeat ends the row").hasSize(1);
    }

    @Test
    void fencingDuringTheListenerLosesTheRestOnly() {
        world.makeStable(3, orders(0, 1, 2));
        beat();
        world.answer(3, orders(2));
        GroupNotice revoked = world.take();
        beat();
        world.refuse(BrokerError.FENCED_MEMBER_EPOCH);
        assertThat(world.mail).isEmpty();
        assertThat(world.wire).isEmpty();

        world.settle(revoked);
        assertThat(world.wire).isEmpty();
        assertThat(world.takeAndSettle()).isEqualTo("lost[orders-2]");
        assertThat(world.onlyRequest().epoch()).isZero();
    }

    @Test
    void fencingBeforeTheApplicationLooksTurnsTheRevocationIntoALoss() {
        world.makeStable(3, orders(0, 1, 2));
        beat();
        world.answer(3, orders(2));
        beat();
        world.refuse(BrokerError.FENCED_MEMBER_EPOCH);

        assertThat(world.told()).containsExactly("lost[orders-0, orders-1, orders-2]");
        world.takeAndSettle();
        assertThat(world.mail).isEmpty();
        assertThat(world.onlyRequest().epoch()).isZero();
    }

    @Test
    void anAssignmentThatWasNotTakenIsNeverMade() {
        world.makeStable(3, orders(0));
        beat();
        world.answer(4, orders(0, 1));
        beat();
        world.refuse(BrokerError.FENCED_MEMBER_EPOCH);

        assertThat(world.told()).containsExactly("lost[orders-0]");
        world.takeAndSettle();
        assertThat(world.mail).isEmpty();
        assertThat(world.membership.owned()).isEmpty();
        assertThat(world.onlyRequest().epoch()).isZero();
    }

    @Test
    void anAssignmentThatWasTakenIsLostAfterIt() {
        world.makeStable(3, orders(0));
        beat();
        world.answer(4, orders(0, 1));
        Assigned assigned = (Assigned) world.take();
        beat();
        world.refuse(BrokerError.FENCED_MEMBER_EPOCH);
        assertThat(world.mail).isEmpty();

        world.settle(assigned);
        assertThat(world.takeAndSettle()).isEqualTo("lost[orders-0, orders-1]");
        assertThat(world.onlyRequest().epoch()).isZero();
    }

    @Test
    void aFirstAssignmentThatWasNotTakenIsAnsweredWithoutAnythingReleased() {
        world.subscribe("orders");
        world.enterPoll();
        world.answer(3, orders(0));
        beat();
        world.refuse(BrokerError.UNKNOWN_MEMBER_ID);

        Revoked lost = (Revoked) world.take();
        assertThat(lost.partitions()).isEmpty();
        assertThat(lost.tellsEmpty()).isFalse();
        world.settle(lost);
        assertThat(world.onlyRequest().epoch()).isZero();
    }

    @Test
    void aLateAnswerOfAnEarlierMembershipIsNotAdopted() {
        world.makeStable(3, orders(0));
        beat();
        ConsumerWorld.OnWire late = world.takeWire();
        world.leave(Membership.Departure.DEFAULT);
        world.takeAndSettle();
        assertThat(world.takeWire().request().epoch()).isEqualTo(-1);
        world.mail.clear();
        world.subscribe("orders");
        world.enterPoll();
        assertThat(world.wire).as("one heartbeat is outstanding already").isEmpty();

        world.answer(late, 9, orders(0, 1));

        assertThat(world.membership.isMember()).isFalse();
        assertThat(world.mail).isEmpty();
        assertThat(world.onlyRequest().epoch()).isZero();
    }

    @Test
    void aLateRefusalOfAnEarlierMembershipDoesNotFenceTheNext() {
        world.makeStable(3, orders());
        beat();
        ConsumerWorld.OnWire late = world.takeWire();
        world.leave(Membership.Departure.DEFAULT);
        world.wire.clear();
        world.mail.clear();
        world.subscribe("orders");
        world.enterPoll();
        world.refuse(late, BrokerError.FENCED_MEMBER_EPOCH);

        assertThat(world.events).noneMatch(GroupEvent.MembershipEnded.class::isInstance);
        assertThat(world.onlyRequest().epoch()).isZero();
    }

    @Test
    void aTopicWithoutRightsIsRaisedAndMembershipGoesOn() {
        world.makeStable(3, orders(0));
        beat();
        world.refuse(BrokerError.TOPIC_AUTHORIZATION_FAILED);

        assertThat(world.raised).singleElement().isInstanceOf(TopicAuthorizationException.class);
        assertThat(world.raised.get(0)).hasMessageContaining("'g'").hasMessageContaining("words");
        assertThat(world.mail).isEmpty();
        assertThat(world.membership.isMember()).isTrue();
        world.pass(1_300);
        assertThat(world.wire).hasSize(1);
    }

    /** An assignor of the coordinator has failed; with other members, or other partitions, it may not. */
    @Test
    void anErrorOfTheServerIsRaisedAndMembershipGoesOn() {
        world.makeStable(3, orders(0));
        beat();
        world.refuse(BrokerError.UNKNOWN_SERVER_ERROR);

        assertThat(world.raised).singleElement().isInstanceOf(UnknownServerException.class);
        assertThat(world.mail).isEmpty();
        assertThat(world.membership.isMember()).isTrue();
        world.pass(1_300);
        assertThat(world.wire).hasSize(1);
    }

    private void assertOver(Class<? extends KafkaException> kind) {
        assertThat(world.raised).singleElement().isInstanceOf(kind);
        assertThat(world.takeAndSettle()).isEqualTo("lost[orders-0]");
        world.enterPoll();
        world.pass(120_000);
        assertThat(world.wire).as("nothing is sent any more").isEmpty();
        assertThat(world.raised).hasSize(1);
        assertThat(world.membership.isMember()).isFalse();

        world.subscribe("bills");
        assertThat(world.raised).hasSize(2);
        assertThat(world.raised.get(1)).isSameAs(world.raised.get(0));
        world.leave(Membership.Departure.DEFAULT);
        assertThat(world.told()).containsExactly("left");
        assertThat(world.wire).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = BrokerError.class,
            names = {
                "GROUP_AUTHORIZATION_FAILED",
                "INVALID_REQUEST",
                "GROUP_MAX_SIZE_REACHED",
                "UNSUPPORTED_ASSIGNOR",
                "FENCED_INSTANCE_ID",
                "UNSUPPORTED_VERSION"
            })
    void aRefusalForGoodEndsMembership(BrokerError error) {
        world.makeStable(3, orders(0));
        beat();
        world.refuse(error);

        assertOver(error.exception("").getClass().asSubclass(KafkaException.class));
    }

    @Test
    void aBrokerWithoutTheProtocolIsToldOfOnce() {
        world.subscribe("orders");
        world.enterPoll();
        world.fail(RequestFailure.Kind.UNSUPPORTED_VERSION, new UnsupportedVersionException("no version in common"));

        assertThat(world.raised).singleElement().isInstanceOf(UnsupportedVersionException.class);
        assertThat(world.raised.get(0)).hasMessageContaining("group.protocol=classic");
        world.pass(60_000);
        assertThat(world.wire).isEmpty();
        assertThat(world.raised).hasSize(1);
    }

    @Test
    void aBrokerWithoutPatternsIsToldOfInItsOwnWords() {
        world.subscribe(Set.of(), "or.*");
        world.enterPoll();
        UnsupportedVersionException cause = new UnsupportedVersionException("no patterns");
        world.fail(RequestFailure.Kind.UNSUPPORTED_VERSION, cause);

        assertThat(world.raised).containsExactly(cause);
    }

    @Test
    void aPatternThatIsNoneIsNamed() {
        world.subscribe(Set.of(), "(or");
        world.enterPoll();
        world.refuse(BrokerError.INVALID_REGULAR_EXPRESSION);

        assertThat(world.raised).singleElement().isInstanceOf(InvalidRegularExpression.class);
        assertThat(world.raised.get(0)).hasMessageContaining("(or").hasMessageContaining("words");
    }

    @Test
    void aJoinToAGroupOfTheClassicProtocolIsRefusedForGood() {
        world.subscribe("orders");
        world.enterPoll();
        world.refuse(BrokerError.GROUP_ID_NOT_FOUND);

        assertThat(world.raised).singleElement().isInstanceOf(GroupIdNotFoundException.class);
        assertThat(world.raised.get(0)).hasMessageContaining("classic");
    }

    @Test
    void anUnauthorizedGroupIsNamed() {
        world.subscribe("orders");
        world.enterPoll();
        world.refuse(BrokerError.GROUP_AUTHORIZATION_FAILED);

        assertThat(((GroupAuthorizationException) world.raised.get(0)).groupId())
                .isEqualTo("g");
    }

    @Test
    void refusedCredentialsAreRaisedAndTriedAgain() {
        world.makeStable(3, orders(0));
        beat();
        world.fail(RequestFailure.Kind.AUTHENTICATION, new SaslAuthenticationException("no"));

        assertThat(world.raised).singleElement().isInstanceOf(SaslAuthenticationException.class);
        world.pass(1_300);
        assertThat(world.onlyRequest().epoch()).isEqualTo(3);
    }
}
