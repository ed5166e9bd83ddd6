package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.tp;

import dev.surefoot.core.engine.EpochValidationExchange.OffsetForLeaderEpochRequest;
import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsRequest;
import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.Yielded;
import dev.surefoot.core.model.ModelLog;
import dev.surefoot.core.position.ResetStrategy;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** An engine with one partition of a topic that is deleted, created again, or rumoured to be another one. */
final class TopicWorld {
    static final TopicPartition A0 = tp("a", 0);
    /** The id of a topic that no broker has. */
    static final Uuid RUMOURED = new Uuid(77, 77);

    final EngineWorld world;
    final ModelLog log;
    /** The id of the topic in which it begins. */
    final Uuid first;

    /** Assigns a partition of a hundred records, which is not looked at yet. */
    TopicWorld(ResetStrategy policy) {
        world = new EngineWorld(2, policy, 64 << 20);
        log = world.log(A0, 1, 10);
        first = log.topicId;
        world.assign(A0);
    }

    /** The topic is deleted and created again, with thirty records. */
    void recreate() {
        world.cluster.recreate("a");
        log.append(3, 10, 0);
    }

    /** A broker that lags behind, or is wrong, says that the name stands for the topic with this id. */
    void metadataSays(Uuid topicId) {
        world.cluster.staleIds.put("a", topicId);
        world.refreshMetadata();
    }

    void metadataSaysTheTruth() {
        world.cluster.staleIds.clear();
        world.refreshMetadata();
    }

    List<EngineEvent.PositionLost> losses() {
        return world.application.events(EngineEvent.PositionLost.class);
    }

    long offsetQuestions() {
        return world.count(ListOffsetsRequest.class);
    }

    long epochQuestions() {
        return world.count(OffsetForLeaderEpochRequest.class);
    }

    List<Long> positionsTold() {
        return world.application.taken.stream()
                .filter(Delivery.Positioned.class::isInstance)
                .map(told -> ((Delivery.Positioned) told).position().offset())
                .toList();
    }

    /** The application gives up what it had from its consumed position on, which is in the topic of this id. */
    void yieldFrom(long offset, Uuid topicId) {
        long generation = world.application.moved(A0, offset);
        world.engine.fetchAgain(A0, new Yielded(generation, FetchPosition.at(offset), topicId), world.now);
    }

    /** The offset of the first record that came after this many deliveries. */
    long firstOffsetAfter(int deliveries) {
        return world.application.records(A0).get(deliveries).fetchOffset();
    }
}
