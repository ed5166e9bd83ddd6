package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.MILLI;
import static dev.surefoot.core.engine.EngineWorld.SECOND;
import static dev.surefoot.core.engine.EngineWorld.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.engine.ScriptedLink.Fate;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.RequestFailure;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.Test;

/** Brokers that cannot be reached, or not yet: the engine neither spins nor sleeps through work. */
class ConnectionScenariosTest {
    private static final TopicPartition A0 = tp("a", 0);

    private final EngineWorld world = new EngineWorld(2);

    @Test
    void nothingIsDueWhileConnectionsAreBeingMade() {
        world.log(A0, 1, 1);
        world.link.connecting(-1);
        world.assign(A0);

        world.run(5 * SECOND);

        assertThat(world.turns).isLessThan(5);
        world.link.up(-1);
        world.runUntilConsumed(A0);
    }

    @Test
    void aLeaderThatIsBeingConnectedToIsWaitedFor() {
        world.log(A0, 1, 1);
        world.link.connecting(1);
        world.assign(A0);
        world.run(SECOND);
        int turns = world.turns;

        world.run(5 * SECOND);

        assertThat(world.turns - turns).isLessThan(5);
        world.link.up(1);
        world.runUntilConsumed(A0);
    }

    @Test
    void whileNoBrokerCanBeReachedMetadataIsTriedAtThePaceOfTheBackOff() {
        world.log(A0, 1, 1);
        world.link.down(-1);
        world.assign(A0);

        world.run(20 * SECOND);

        assertThat(world.turns).isBetween(15, 60);
        world.link.up(-1);
        world.runUntilConsumed(A0);
    }

    @Test
    void aLeaderThatIsLostIsLookedForAtOnce() {
        world.log(A0, 1, 1);
        world.assign(A0);
        world.runUntilConsumed(A0);
        world.run(SECOND);
        world.link.down(1);
        world.cluster.log(A0).moveTo(2);
        world.cluster.log(A0).append(1, 10, 0);
        long lost = world.now;

        world.runUntilConsumed(A0);

        assertThat(world.now - lost).isLessThan(800 * MILLI);
    }

    @Test
    void aQuestionIsTriedAgainThoughNothingIsAssigned() {
        world.log(A0, 1, 1);
        world.link.down(-1);
        world.engine.ask(new Question.Topics(1, Set.of("a"), false));
        world.run(3 * SECOND);
        assertThat(world.turns).as("paced").isBetween(3, 30);
        world.link.states().clear();

        // No turn comes from outside.
        world.run(2 * SECOND);

        assertThat(world.application.events(EngineEvent.TopicsFound.class)).hasSize(1);
    }

    @Test
    void aQuestionIsPutToAnotherBrokerWhenOneDoesNotAnswer() {
        world.log(A0, 1, 1);
        for (int i = 0; i < 30; i++) {
            world.link.next(request -> request instanceof MetadataRequest && request.nodeId() == -1, Fate.REQUEST_LOST);
        }

        world.engine.ask(new Question.Topics(1, Set.of("a"), false));
        world.run(2 * SECOND);

        assertThat(world.application.events(EngineEvent.TopicsFound.class)).hasSize(1);
    }

    @Test
    void aCancelledQuestionEndsInSilence() {
        world.log(A0, 1, 1);
        world.link.next(MetadataRequest.class::isInstance, Fate.HELD);
        world.engine.ask(new Question.Topics(1, Set.of("a"), false));
        world.engine.ask(new Question.Topics(2, Set.of("a"), false));
        world.run(SECOND);
        world.engine.cancelQuestion(1);
        world.link.letGo(world.now);

        world.run(SECOND);

        assertThat(world.application.events(EngineEvent.TopicsFound.class))
                .extracting(EngineEvent.TopicsFound::questionId)
                .containsExactly(2L);
    }

    @Test
    void theFailureOfACancelledQuestionIsNobodysConcern() {
        world.engine.ask(new Question.Topics(1, Set.of("a"), false));
        world.link.next(MetadataRequest.class::isInstance, Fate.HELD);
        world.turn();
        world.engine.cancelQuestion(1);

        world.engine.failed(
                world.link.sent.get(0),
                new RequestFailure(
                        RequestFailure.Kind.UNSUPPORTED_VERSION, new UnsupportedVersionException("scripted")),
                world.now);
        world.turn();

        assertThat(world.application.others).isEmpty();
    }

    @Test
    void refusedCredentialsAreRaisedOnceForEachAttempt() {
        world.log(A0, 1, 1);
        world.link.state(-1, refusedCredentials());
        world.assign(A0);
        world.run(10 * SECOND);
        assertThat(world.application.events(EngineEvent.Raised.class)).hasSize(1);

        world.link.state(-1, refusedCredentials());
        world.run(10 * SECOND);

        assertThat(world.application.events(EngineEvent.Raised.class)).hasSize(2);
    }

    @Test
    void refusedCredentialsOfALeaderAreRaisedOnceForEachAttempt() {
        world.log(A0, 1, 1);
        world.assign(A0);
        world.runUntilConsumed(A0);
        world.link.state(1, refusedCredentials());

        world.run(10 * SECOND);

        assertThat(world.application.events(EngineEvent.Raised.class)).hasSize(1);
    }

    private static Readiness refusedCredentials() {
        return new Readiness.Failed(
                new RequestFailure(RequestFailure.Kind.AUTHENTICATION, new SaslAuthenticationException("scripted")));
    }

    @Test
    void metadataWithoutLeadersIsRepeatedAtThePaceOfTheBackOff() {
        world.log(A0, 1, 1);
        world.cluster.leadersInMetadata = false;
        world.assign(A0);

        world.run(20 * SECOND);

        assertThat(world.count(MetadataRequest.class)).isBetween(15L, 40L);
        world.cluster.leadersInMetadata = true;
        world.runUntilConsumed(A0);
    }

    @Test
    void offsetsOfUnknownTopicsAreWaitedForWithoutASpin() {
        world.engine.ask(new Question.Offsets(1, Map.of(A0, -1L)));
        world.run(5 * SECOND);
        world.log(A0, 1, 3);

        world.run(2 * SECOND);

        assertThat(world.application.events(EngineEvent.OffsetsFound.class))
                .singleElement()
                .satisfies(found -> assertThat(found.offsets().get(A0).offset()).isEqualTo(30));
    }
}
