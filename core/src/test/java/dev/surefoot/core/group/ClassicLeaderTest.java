package dev.surefoot.core.group;

import static dev.surefoot.core.group.ClassicScript.MAX_POLL_MS;
import static dev.surefoot.core.group.ClassicScript.MILLI;
import static dev.surefoot.core.group.ClassicScript.SECOND;
import static dev.surefoot.core.group.ClassicScript.nanos;
import static dev.surefoot.core.group.ClassicScript.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.core.handover.MemberAssignment;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.junit.jupiter.api.Test;

/** What a member does that leads its group: it waits for metadata, has the partitions assigned, and watches. */
class ClassicLeaderTest {
    @Test
    void theLeaderAssignsByMetadataFromAfterTheJoin() {
        ClassicScript script = ClassicScript.eager().joining();

        script.joinedAsLeader(1, "t", "u");
        assertThat(script.application.metadataRefreshes).isEqualTo(1);
        assertThat(script.membership.topicsOfInterest()).containsExactly("t", "u");
        assertThat(script.application.hasMail()).as("waits for metadata").isFalse();

        script.metadata(Map.of("t", 2));
        assertThat(script.application.metadataRefreshes)
                .as("this may be the answer to an earlier question")
                .isEqualTo(2);
        assertThat(script.application.hasMail()).isFalse();

        script.metadata(Map.of("t", 2, "u", 1));
        script.application.nextPlan = Map.of(
                "member-1", new MemberAssignment(List.of(tp("t", 0)), null),
                "other", new MemberAssignment(List.of(tp("t", 1), tp("u", 0)), null));
        script.poll();

        SyncGroupRequest sync = script.outbox.underWay(SyncGroupRequest.class);
        assertThat(sync.assignments()).isEqualTo(script.application.nextPlan);
        assertThat(sync.timeoutNanos()).as("a leader is not held back").isEqualTo(30 * SECOND);
    }

    @Test
    void metadataOfAllTopicsIsEnoughAtOnce() {
        ClassicScript script = ClassicScript.eager().joining();
        script.joinedAsLeader(1, "u");
        script.metadata(Map.of("t", 2, "u", 1));

        assertThat(script.application.hasMail()).isTrue();
        assertThat(script.application.metadataRefreshes)
                .as("nothing more is asked for")
                .isEqualTo(1);
    }

    /** A newer answer could not be had sooner than after the back-off of refreshes. */
    @Test
    void metadataThatCameJustBeforeTheJoinIsEnough() {
        ClassicScript script = ClassicScript.eager().joining();
        script.metadata(Map.of("t", 2, "u", 1));
        script.pass(99 * MILLI);
        script.joinedAsLeader(1, "u");

        assertThat(script.application.hasMail()).as("asks for a plan").isTrue();
        assertThat(script.application.metadataRefreshes)
                .as("what has changed meanwhile is noticed")
                .isEqualTo(1);
    }

    @Test
    void metadataThatCameLongerBeforeTheJoinIsNot() {
        ClassicScript script = ClassicScript.eager().joining();
        script.metadata(Map.of("t", 2, "u", 1));
        script.pass(100 * MILLI);
        script.joinedAsLeader(1, "u");
        assertThat(script.application.hasMail()).isFalse();

        script.metadata(Map.of("t", 2, "u", 1));
        assertThat(script.application.hasMail()).isTrue();
    }

    @Test
    void topicsThatOnlyEarlierMetadataDescribesAreWaitedFor() {
        ClassicScript script = ClassicScript.eager().joining();
        script.metadata(Map.of("t", 2, "u", 1));
        script.metadata(Map.of("t", 2));
        script.joinedAsLeader(1, "u");
        assertThat(script.application.hasMail()).isFalse();

        script.metadata(Map.of("t", 2, "u", 1));
        assertThat(script.application.hasMail()).isTrue();
    }

    @Test
    void gt11ALeaderWithoutMetadataAssignsAfterHalfARebalance() {
        ClassicScript script = ClassicScript.eager().joining();
        script.joinedAsLeader(1, "u");

        script.passAlive(nanos(MAX_POLL_MS) / 2 - SECOND);
        assertThat(script.application.hasMail()).isFalse();
        script.passAlive(SECOND);
        script.poll();
        script.synced(tp("t", 0));
        script.poll();
        assertThat(script.application.callbacks).containsExactly("assigned[t-0]");

        script.metadata(Map.of("t", 2, "u", 1));
        script.passAlive(SECOND);
        script.poll();
        assertThat(script.lastJoin().reason()).isEqualTo("cached metadata has changed");
    }

    @Test
    void anAssignorThatThrowsIsTheApplicationsExceptionAndTheNextJoinWaitsForAPoll() {
        ClassicScript script = ClassicScript.eager().joining();
        script.joinedAsLeader(1, "t");
        script.metadata(Map.of("t", 1));
        script.application.assignorFailure = new KafkaException("the assignor threw");
        script.poll();
        assertThat(script.application.raised).containsExactly(script.application.assignorFailure);

        int joins = script.outbox.sent(JoinGroupRequest.class).size();
        script.application.assignorFailure = null;
        script.passAlive(SECOND);
        script.poll();
        script.passAlive(SECOND);
        assertThat(script.outbox.sent(JoinGroupRequest.class)).hasSize(joins + 1);
        assertThat(script.lastJoin().memberId()).isEqualTo("member-1");
    }

    /** Whether a leader rejoins when its partitions move to another rack. */
    private static boolean rejoinsForRacks(boolean hasRack) {
        TracedMember member = ClassicTableStates.leading(ClassicTableStates.settings(null, true, hasRack));
        assertThat(member.settings.rackId() != null).isEqualTo(hasRack);
        member.describeAt(new Node(1, "one", 9092, "another rack"));
        member.pass(SECOND);
        return !member.mail.isEmpty();
    }

    @Test
    void aLeaderThatHasARackWatchesTheRacksOfReplicasAndAnotherDoesNot() {
        assertThat(rejoinsForRacks(true)).isTrue();
        assertThat(rejoinsForRacks(false)).isFalse();
    }

    @Test
    void gt11TheEndOfTheWaitForMetadataIsADeadline() {
        ClassicScript script = ClassicScript.eager().joining();
        script.joinedAsLeader(1, "u");
        long endNanos = script.now + nanos(MAX_POLL_MS) / 2;
        script.passAlive(nanos(MAX_POLL_MS) / 2 - 4 * SECOND);
        script.pass(3 * SECOND);

        assertThat(script.outbox.isUnderWay(HeartbeatRequest.class))
                .as("the next one waits for its answer")
                .isTrue();
        assertThat(script.nextDeadlineNanos).isEqualTo(endNanos);
    }
}
