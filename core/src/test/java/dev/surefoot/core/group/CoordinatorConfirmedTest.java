package dev.surefoot.core.group;

import static dev.surefoot.core.group.ClassicScript.SECOND;
import static dev.surefoot.core.group.ClassicScript.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A coordinator that has answered as one was the right one to name: when it is lost later, the broker that has named it
 * is asked again, and without a long back-off. One that has answered nothing is blamed on that broker.
 */
class CoordinatorConfirmedTest {
    private static ClassicScript found() {
        ClassicScript script = ClassicScript.eagerStatic();
        script.subscribe("t");
        script.poll();
        script.coordinatorFound();
        return script;
    }

    /** The coordinator is lost, and looked for: which broker is asked. */
    private static int askedNext(ClassicScript script) {
        script.coordinator.forget(script.coordinator.instance(), "gone");
        script.pass(10 * SECOND);
        List<FindCoordinatorRequest> lookUps = script.outbox.sent(FindCoordinatorRequest.class);
        return lookUps.get(lookUps.size() - 1).nodeId();
    }

    @Test
    void withoutAnAnswerAnotherBrokerIsAsked() {
        assertThat(askedNext(found())).isEqualTo(1);
    }

    @Test
    void theAnswerToAJoinConfirms() {
        ClassicScript script = found();
        script.joinedAsFollower(1);
        assertThat(askedNext(script)).isZero();
    }

    @Test
    void aMemberIdConfirms() {
        ClassicScript script = ClassicScript.eager().joining();
        assertThat(askedNext(script)).isZero();
    }

    @Test
    void anAnswerThatTheGroupRebalancesConfirms() {
        ClassicScript script = found();
        script.joinRefused(BrokerError.REBALANCE_IN_PROGRESS);
        assertThat(askedNext(script)).isZero();
    }

    @Test
    void anErrorOfTheCoordinatorConfirmsNothing() {
        ClassicScript script = found();
        script.joinRefused(BrokerError.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(askedNext(script)).isEqualTo(1);
    }

    @Test
    void aCoordinatorThatHasAnsweredAsOneRefusesNoMore() {
        ClassicScript script = found();
        script.joinRefused(BrokerError.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(script.coordinator.standing(script.now).refusal())
                .isEqualTo(BrokerError.COORDINATOR_LOAD_IN_PROGRESS);

        script.pass(SECOND);
        script.joinedAsFollower(1);
        assertThat(script.coordinator.standing(script.now).refusal()).isNull();
    }

    @Test
    void theAnswerToASyncConfirms() {
        ClassicScript script = found();
        script.joinedAsFollower(1);
        foundAnew(script);
        script.synced(tp("t", 0));
        assertThat(script.outbox.isUnderWay(SyncGroupRequest.class)).isFalse();
        assertThat(askedNext(script)).as("only the present one's answers count").isEqualTo(1);
    }

    @Test
    void theAnswerToAHeartbeatConfirms() {
        ClassicScript script = ClassicScript.eager().stable(tp("t", 0));
        foundAnew(script);
        script.heartbeatDue();
        script.heartbeatAnswered(BrokerError.NONE);
        assertThat(askedNext(script)).isZero();
    }

    @Test
    void aHeartbeatThatTheGroupRebalancesConfirms() {
        ClassicScript script = ClassicScript.eager().stable(tp("t", 0));
        foundAnew(script);
        script.heartbeatDue();
        script.heartbeatAnswered(BrokerError.REBALANCE_IN_PROGRESS);
        assertThat(askedNext(script)).isZero();
    }

    /** Another look-up finds it, which has answered nothing yet. */
    private static void foundAnew(ClassicScript script) {
        script.coordinator.forget(script.coordinator.instance(), "gone");
        script.pass(SECOND);
        script.coordinatorFound();
        assertThat(script.outbox.isUnderWay(JoinGroupRequest.class)).isFalse();
        assertThat(script.outbox.isUnderWay(HeartbeatRequest.class)).isFalse();
    }
}
