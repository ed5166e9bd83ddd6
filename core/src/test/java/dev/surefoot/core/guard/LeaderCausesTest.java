package dev.surefoot.core.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataRefresh;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.LinkCondition;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.CoordinatorStanding;
import dev.surefoot.core.group.GroupView;
import dev.surefoot.core.group.MemberPhase;
import dev.surefoot.core.handover.MemberIdentity;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.progress.Marks;
import dev.surefoot.progress.StallCause;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Causes that metadata and coordinators name. */
class LeaderCausesTest {
    static final GuardSettings SETTINGS =
            new GuardSettings(GuardSettings.Timing.DEFAULT, 1 << 20, false, false, RecoveryLevel.CONNECTION);
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    private final FakeSurroundings surroundings = new FakeSurroundings();
    private final LinkCauses links = new LinkCauses(SETTINGS, surroundings);
    private final Cluster cluster = new Cluster();
    private final MetadataRefresh refresh =
            new MetadataRefresh(300 * SECOND_NANOS, new Backoff(1, 1, new SplittableRandom(1)));
    private final LeaderCauses leaders = new LeaderCauses(cluster, refresh, links);

    private void described(BrokerError error, int leader) {
        cluster.update(
                new MetadataAnswer(
                        BrokerError.NONE,
                        0,
                        "c",
                        List.of(new Node(1, "h", 9092)),
                        List.of(new MetadataAnswer.TopicMetadata(
                                "t",
                                new Uuid(1, 1),
                                BrokerError.NONE,
                                false,
                                List.of(new MetadataAnswer.PartitionMetadata(
                                        0, error, leader, 3, List.of(1, 2), List.of(2), List.of(1)))))),
                0);
    }

    private StallCause cause() {
        Conclusion found = leaders.conclude(PARTITION, Marks.UNKNOWN, 0, SECOND_NANOS);
        assertThat(found).isNotNull();
        return found.cause();
    }

    @Test
    void aLeaderWithoutTheListenerIsNotAMissingLeader() {
        described(BrokerError.LISTENER_NOT_FOUND, -1);
        assertThat(cause()).isEqualTo(StallCause.LISTENER_MISSING);

        described(BrokerError.LEADER_NOT_AVAILABLE, -1);
        assertThat(cause()).isEqualTo(StallCause.NO_LEADER);
    }

    @Test
    void metadataThatHasFailedForTenSecondsIsStale() {
        refresh.request();
        refresh.sent();
        refresh.failed(SECOND_NANOS);
        assertThat(leaders.stale(Marks.UNKNOWN, 10 * SECOND_NANOS)).isNull();

        Conclusion found = leaders.stale(Marks.UNKNOWN, 12 * SECOND_NANOS);

        assertThat(found).isNotNull();
        assertThat(found.cause()).isEqualTo(StallCause.METADATA_STALE);
    }

    @Test
    void aCoordinatorThatLoadsIsNotAMissingOne() {
        assertThat(joining(BrokerError.COORDINATOR_LOAD_IN_PROGRESS)).isEqualTo(StallCause.COORDINATOR_LOADING);
        assertThat(joining(BrokerError.COORDINATOR_NOT_AVAILABLE)).isEqualTo(StallCause.COORDINATOR_MISSING);
        assertThat(joining(null)).isEqualTo(StallCause.JOINING_GROUP);
    }

    @Test
    void brokersThatDescribeTheClusterAreNotUnreachable() {
        surroundings.control = FakeSurroundings.failing(RequestFailure.Reason.NO_ANSWER, 1);
        assertThat(lookingForTheCoordinator()).isEqualTo(StallCause.BOOTSTRAP_UNREACHABLE);

        refresh.request();
        refresh.sent();
        refresh.answered(true, SECOND_NANOS);

        assertThat(lookingForTheCoordinator()).isEqualTo(StallCause.JOINING_GROUP);
    }

    /** The broker that is connected has only not answered yet. */
    @Test
    void bootstrapServersOfWhichOneIsConnectedCanBeReached() {
        surroundings.controls.put(-1, FakeSurroundings.failing(RequestFailure.Reason.CONNECT_REFUSED, 5));
        assertThat(lookingForTheCoordinator()).isEqualTo(StallCause.BOOTSTRAP_UNREACHABLE);

        surroundings.controls.put(-2, FakeSurroundings.link(LinkCondition.State.READY, null, 0));
        assertThat(lookingForTheCoordinator()).isEqualTo(StallCause.JOINING_GROUP);
    }

    @Test
    void aCoordinatorThatWasOutOfReachAndAnswersIsNotAMissingOne() {
        CoordinatorStanding lookedUpOften = new CoordinatorStanding(1, true, false, 9, null, 0, 0);
        RequestFailure refused = new RequestFailure(RequestFailure.Reason.CONNECT_REFUSED, new KafkaException("no"));
        surroundings.coordinator = FakeSurroundings.failing(RequestFailure.Reason.CONNECT_REFUSED, 9);
        assertThat(causeIn(MemberPhase.JOINING, lookedUpOften)).isEqualTo(StallCause.COORDINATOR_UNREACHABLE);

        surroundings.coordinator = FakeSurroundings.link(LinkCondition.State.READY, refused, 9);
        assertThat(causeIn(MemberPhase.JOINING, lookedUpOften)).isEqualTo(StallCause.COORDINATOR_UNREACHABLE);

        surroundings.coordinator = FakeSurroundings.link(LinkCondition.State.READY, null, 0);
        assertThat(causeIn(MemberPhase.JOINING, lookedUpOften)).isEqualTo(StallCause.JOINING_GROUP);
    }

    private StallCause lookingForTheCoordinator() {
        return causeIn(MemberPhase.FINDING_COORDINATOR, new CoordinatorStanding(-1, false, true, 0, null, 0, 0));
    }

    private StallCause joining(BrokerError refusal) {
        return causeIn(MemberPhase.JOINING, new CoordinatorStanding(1, true, false, 0, refusal, 1, 0));
    }

    private StallCause causeIn(MemberPhase phase, CoordinatorStanding coordinator) {
        surroundings.group = new GroupView(
                MemberIdentity.none("g", null),
                phase,
                0,
                coordinator,
                0,
                0,
                null,
                false,
                new GroupView.Committing(0, 0, null));
        return new GroupCauses(surroundings, leaders).ofMember(SECOND_NANOS).cause();
    }
}
