package dev.surefoot.core.group;

import static dev.surefoot.core.group.ConsumerWorld.orders;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.RequestFailure;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.junit.jupiter.api.Test;

/** A static member waits for its instance id and gives way to a twin; a lease lapses without an answer. */
class ConsumerLeaseTest {
    private final ConsumerWorld world = new ConsumerWorld();

    private void beat() {
        if (world.wire.isEmpty()) {
            world.pass(ConsumerWorld.INTERVAL_MS);
        }
    }

    // Static members.

    @Test
    void anInstanceIdThatWasNeverThisMembersIsRefused() {
        ConsumerWorld fixed = new ConsumerWorld(ConsumerWorld.settings("i", false));
        fixed.subscribe("orders");
        fixed.enterPoll();
        assertThat(fixed.onlyRequest().instanceId()).isEqualTo("i");
        fixed.refuse(BrokerError.UNRELEASED_INSTANCE_ID);

        assertThat(fixed.raised).singleElement().isInstanceOf(UnreleasedInstanceIdException.class);
        assertThat(fixed.raised.get(0)).hasMessageContaining("group.instance.id='i'");
    }

    @Test
    void anInstanceIdThatItsOwnLostJoinMayHoldIsWaitedFor() {
        ConsumerWorld fixed = new ConsumerWorld(ConsumerWorld.settings("i", false));
        fixed.subscribe("orders");
        fixed.enterPoll();
        fixed.fail(RequestFailure.Kind.TIMED_OUT);
        for (int i = 0; i < 20; i++) {
            fixed.pass(1_300);
            fixed.refuse(BrokerError.UNRELEASED_INSTANCE_ID);
        }
        assertThat(fixed.raised).isEmpty();
        fixed.pass(1_300);
        fixed.answer(2, orders(0));

        assertThat(fixed.takeAndSettle()).isEqualTo("assigned[orders-0]");
    }

    @Test
    void anInstanceIdIsWaitedForNoLongerThanASession() {
        ConsumerWorld fixed = new ConsumerWorld(ConsumerWorld.settings("i", false));
        fixed.makeStable(3, orders());
        fixed.pass(ConsumerWorld.INTERVAL_MS);
        fixed.refuse(BrokerError.FENCED_MEMBER_EPOCH);
        long startMs = fixed.nowMs();
        while (fixed.raised.isEmpty()) {
            assertThat(fixed.nowMs() - startMs).isLessThan(ConsumerWorld.SESSION_MS + 5_000);
            if (!fixed.wire.isEmpty()) {
                fixed.refuse(BrokerError.UNRELEASED_INSTANCE_ID);
            }
            if (fixed.raised.isEmpty()) {
                fixed.pass(100);
            }
        }

        assertThat(fixed.nowMs() - startMs).isGreaterThanOrEqualTo(ConsumerWorld.SESSION_MS);
        assertThat(fixed.raised).singleElement().isInstanceOf(UnreleasedInstanceIdException.class);
    }

    @Test
    void aMemberThatHasLeftWaitsForItsInstanceIdAnew() {
        ConsumerWorld fixed = new ConsumerWorld(ConsumerWorld.settings("i", false));
        fixed.subscribe("orders");
        fixed.enterPoll();
        fixed.fail(RequestFailure.Kind.TIMED_OUT);
        fixed.pass(1_300);
        fixed.refuse(BrokerError.UNRELEASED_INSTANCE_ID);
        fixed.leave(Membership.Departure.DEFAULT);
        fixed.wire.clear();
        fixed.pass(ConsumerWorld.SESSION_MS + 1);
        fixed.subscribe("orders");
        fixed.enterPoll();
        fixed.refuse(BrokerError.UNRELEASED_INSTANCE_ID);

        assertThat(fixed.raised).isEmpty();
        fixed.pass(1_300);
        assertThat(fixed.onlyRequest().epoch()).isZero();
    }

    /** A join is under way while the application leaves and subscribes anew; returns that join. */
    private static ConsumerWorld.OnWire joinOfAnEarlierMembership(ConsumerWorld fixed) {
        fixed.subscribe("orders");
        fixed.enterPoll();
        ConsumerWorld.OnWire join = fixed.takeWire();
        fixed.leave(Membership.Departure.DEFAULT);
        fixed.wire.clear();
        fixed.subscribe("orders");
        return join;
    }

    @Test
    void anInstanceIdThatItsOwnEarlierJoinHasGotIsWaitedFor() {
        ConsumerWorld fixed = new ConsumerWorld(ConsumerWorld.settings("i", false));
        fixed.answer(joinOfAnEarlierMembership(fixed), 3, orders(0));
        fixed.refuse(BrokerError.UNRELEASED_INSTANCE_ID);

        assertThat(fixed.raised).isEmpty();
        fixed.pass(1_300);
        assertThat(fixed.onlyRequest().epoch()).isZero();
    }

    @Test
    void anInstanceIdThatItsOwnEarlierJoinWasRefusedIsRefused() {
        ConsumerWorld fixed = new ConsumerWorld(ConsumerWorld.settings("i", false));
        fixed.refuse(joinOfAnEarlierMembership(fixed), BrokerError.UNRELEASED_INSTANCE_ID);
        assertThat(fixed.raised).as("it was asked for by nobody any more").isEmpty();
        fixed.refuse(BrokerError.UNRELEASED_INSTANCE_ID);

        assertThat(fixed.raised).singleElement().isInstanceOf(UnreleasedInstanceIdException.class);
    }

    @Test
    void aTwinEndsTheMembershipOfTheElder() {
        ConsumerWorld fixed = new ConsumerWorld(ConsumerWorld.settings("i", false));
        fixed.makeStable(3, orders(0));
        fixed.pass(ConsumerWorld.INTERVAL_MS);
        fixed.refuse(BrokerError.FENCED_INSTANCE_ID);

        assertThat(fixed.raised).singleElement().isInstanceOf(FencedInstanceIdException.class);
        assertThat(fixed.takeAndSettle()).isEqualTo("lost[orders-0]");
        fixed.pass(60_000);
        assertThat(fixed.wire).isEmpty();
    }

    // The lease.

    @Test
    void aLeaseThatLapsedIsReportedAndNothingIsTakenAway() {
        world.makeStable(3, orders(0));
        long sentMs = world.sentAtMs.get(world.sentAtMs.size() - 1);
        world.known = false;
        beat();
        world.refuse(BrokerError.NOT_COORDINATOR);
        world.pass(sentMs + ConsumerWorld.SESSION_MS - world.nowMs() - 1);
        assertThat(world.events).noneMatch(GroupEvent.LeaseLapsed.class::isInstance);
        world.pass(1);
        world.pass(60_000);

        assertThat(world.events.stream().filter(GroupEvent.LeaseLapsed.class::isInstance))
                .containsExactly(new GroupEvent.LeaseLapsed(sentMs * 1_000_000));
        assertThat(world.mail).isEmpty();
        assertThat(world.membership.isMember()).isTrue();
    }

    @Test
    void aMemberThatIsToStopAtTheLapseLosesItsPartitions() {
        ConsumerWorld strict = new ConsumerWorld(ConsumerWorld.settings(null, true));
        strict.makeStable(3, orders(0));
        strict.known = false;
        strict.pass(ConsumerWorld.INTERVAL_MS);
        strict.refuse(BrokerError.NOT_COORDINATOR);
        strict.pass(ConsumerWorld.SESSION_MS);

        assertThat(strict.takeAndSettle()).isEqualTo("lost[orders-0]");
        strict.known = true;
        strict.pass(1_300);
        assertThat(strict.onlyRequest().epoch()).isZero();
        assertThat(strict.membership.owned()).doesNotContain(new TopicPartition("orders", 0));
    }
}
