package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.SECOND;
import static dev.surefoot.core.engine.EngineWorld.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.cluster.TopicAbsence;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** A topic or partition that does not exist is reported once, and once more when it exists. */
class AbsenceScenariosTest {
    private static final TopicPartition A0 = tp("a", 0);
    private static final TopicPartition A7 = tp("a", 7);

    private final EngineWorld world = new EngineWorld(2);

    private List<EngineEvent.TopicAbsent> topicsAbsent() {
        return world.application.events(EngineEvent.TopicAbsent.class);
    }

    private List<EngineEvent.AbsenceEnded> ended() {
        return world.application.events(EngineEvent.AbsenceEnded.class);
    }

    @Test
    void aTopicThatDoesNotExistIsReportedOnceAndAgainWhenItDoes() {
        world.assign(A0);
        world.run(SECOND);
        assertThat(topicsAbsent()).as("it may be about to be created").isEmpty();
        world.run(60 * SECOND);

        TopicAbsence absence = topicsAbsent().get(0).absence();
        assertThat(topicsAbsent()).hasSize(1);
        assertThat(topicsAbsent().get(0).topic()).isEqualTo("a");
        assertThat(topicsAbsent().get(0).clusterId()).isEqualTo("model");
        assertThat(absence.isMissing()).isTrue();
        assertThat(absence.describedBefore()).isFalse();
        assertThat(absence.answers()).isGreaterThanOrEqualTo(3);
        assertThat(absence.lastedNanos()).isBetween(2 * SECOND, 4 * SECOND);
        assertThat(ended()).isEmpty();

        world.log(A0, 1, 3);
        world.runUntilConsumed(A0);
        assertThat(ended()).extracting(EngineEvent.AbsenceEnded::name).containsExactly("a");
        assertThat(ended().get(0).lastedNanos()).isBetween(60 * SECOND, 64 * SECOND);
        world.run(60 * SECOND);
        assertThat(topicsAbsent()).hasSize(1);
    }

    @Test
    void aTopicThatIsDeletedIsReportedWithItsId() {
        Uuid id = world.log(A0, 1, 3).topicId;
        world.assign(A0);
        world.runUntilConsumed(A0);
        world.cluster.delete("a");
        world.refreshMetadata();
        world.run(10 * SECOND);

        assertThat(topicsAbsent()).hasSize(1);
        assertThat(topicsAbsent().get(0).absence().describedBefore()).isTrue();
        assertThat(topicsAbsent().get(0).absence().idBefore()).isEqualTo(id);
    }

    private boolean mayCreateNow() {
        world.run(310 * SECOND); // metadata.max.age.ms is five minutes
        return world.link.sent.stream()
                .filter(MetadataRequest.class::isInstance)
                .map(MetadataRequest.class::cast)
                .reduce((earlier, later) -> later)
                .orElseThrow()
                .query()
                .allowAutoTopicCreation();
    }

    @Test
    void aTopicMayBeCreatedForWhoBeginsToReadItAndNotAgainWhenItIsDeleted() {
        world.assign(A0);
        assertThat(mayCreateNow()).isTrue();

        world.log(A0, 1, 3);
        world.runUntilConsumed(A0);
        assertThat(mayCreateNow()).isFalse();

        world.cluster.delete("a");
        world.refreshMetadata();
        assertThat(mayCreateNow()).isFalse();

        world.assign(A0, tp("b", 0));
        assertThat(mayCreateNow()).as("b may be").isTrue();

        world.assign();
        world.run(SECOND);
        world.assign(A0);
        assertThat(mayCreateNow()).as("it is assigned anew").isTrue();
    }

    @Test
    void eachAbsenceIsReported() {
        for (int absence = 1; absence <= 3; absence++) {
            world.assign(A0);
            world.run(10 * SECOND);
            assertThat(topicsAbsent()).hasSize(absence);
            world.log(A0, 1, 1);
            world.run(10 * SECOND);
            assertThat(ended()).hasSize(absence);
            world.cluster.delete("a");
            world.refreshMetadata();
        }
    }

    @Test
    void aTopicThatIsNotAssignedAnyMoreIsNotReported() {
        world.assign(A0);
        world.run(10 * SECOND);
        world.assign();
        world.log(A0, 1, 1);
        world.run(10 * SECOND);

        assertThat(ended()).isEmpty();
    }

    @Test
    void aPartitionThatItsTopicDoesNotHaveIsReportedOnceAndAgainWhenItExists() {
        world.log(A0, 1, 3);
        world.assign(A0, A7);
        world.run(SECOND);
        assertThat(world.application.events(EngineEvent.PartitionAbsent.class)).isEmpty();
        world.run(60 * SECOND);

        List<EngineEvent.PartitionAbsent> absent = world.application.events(EngineEvent.PartitionAbsent.class);
        assertThat(absent).hasSize(1);
        assertThat(absent.get(0).partition()).isEqualTo(A7);
        assertThat(absent.get(0).partitions()).isEqualTo(1);
        assertThat(topicsAbsent()).isEmpty();
        assertThat(world.application.position(A0)).isEqualTo(30);

        world.log(A7, 2, 2);
        world.runUntilConsumed(A7);
        assertThat(ended()).extracting(EngineEvent.AbsenceEnded::name).containsExactly("a-7");
    }
}
