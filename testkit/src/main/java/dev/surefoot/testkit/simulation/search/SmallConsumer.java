package dev.surefoot.testkit.simulation.search;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.core.session.PartitionReport;
import dev.surefoot.testkit.simulation.model.PartitionLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * The smallest fetcher above a session: a position for each partition, which moves as the fetcher's does by the answers
 * that the session accepts. Each delivered record is compared with the log.
 */
final class SmallConsumer {

    /** One assigned partition. */
    private static final class Place {
        final TopicPartition name;
        long offset;
        int offsetEpoch = FetchTarget.NO_EPOCH;
        /** The id of the topic that the position belongs to, if metadata has contained one. */
        Uuid positionOf = Uuid.ZERO_UUID;

        Uuid topicId = Uuid.ZERO_UUID;
        int leaderEpoch;
        boolean paused;
        /** Whether it backs off after an error, until a step of time. */
        boolean resting;
        /** Whether it was moved since the last fetch was sent, so that the answer must not be used. */
        boolean movedSinceSent;

        Place(TopicPartition name) {
            this.name = name;
        }

        boolean isWanted() {
            return !paused && !resting;
        }

        void moveTo(long newOffset, int epoch, boolean fetchUnderWay) {
            offset = newOffset;
            offsetEpoch = epoch;
            movedSinceSent |= fetchUnderWay;
            resting = false;
        }
    }

    private final SmallCluster cluster;
    private final FetchSession session;
    private final int maxBytes;
    private final List<Place> places = new ArrayList<>();

    SmallConsumer(SmallCluster cluster, FetchSession session) {
        this.cluster = cluster;
        this.session = session;
        this.maxBytes = cluster.batchBytes();
        for (int i = 0; i < SmallCluster.PARTITIONS; i++) {
            places.add(new Place(SmallCluster.name(i)));
        }
        refresh();
    }

    /** Returns the targets that are wanted now, with the topic ids of metadata. */
    Map<TopicIdPartition, FetchTarget> wanted() {
        Map<TopicIdPartition, FetchTarget> wanted = new LinkedHashMap<>();
        for (Place place : places) {
            if (place.isWanted()) {
                wanted.put(new TopicIdPartition(place.topicId, place.name), target(place));
            }
        }
        return wanted;
    }

    private FetchTarget target(Place place) {
        return new FetchTarget(place.offset, place.leaderEpoch, place.offsetEpoch, maxBytes);
    }

    private void route(Place place) {
        if (place.isWanted()) {
            session.want(place.name, place.topicId, target(place));
        } else {
            session.unwant(place.name);
        }
    }

    boolean isPaused(int partition) {
        return places.get(partition).paused;
    }

    long offset(int partition) {
        return places.get(partition).offset;
    }

    void pause(int partition, boolean pause) {
        Place place = places.get(partition);
        place.paused = pause;
        route(place);
    }

    void seekToBeginning(int partition) {
        Place place = places.get(partition);
        place.moveTo(0, FetchTarget.NO_EPOCH, session.outstanding());
        route(place);
    }

    /** Whether every partition is read to its end. */
    boolean hasReadAll() {
        return places.stream()
                .allMatch(place -> place.offset
                        >= cluster.partition(place.name.partition()).log().highWatermark());
    }

    boolean anyRests() {
        return places.stream().anyMatch(place -> place.resting);
    }

    void timePasses() {
        for (Place place : places) {
            place.resting = false;
            route(place);
        }
    }

    /** Returns whether a metadata refresh would change something. */
    boolean isBehind() {
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            if (!place.topicId.equals(cluster.toldTopicId())
                    || place.leaderEpoch != cluster.partition(i).leaderEpoch()) {
                return true;
            }
        }
        return false;
    }

    /** Applies metadata. A position in a topic that was deleted starts over in the new one. */
    void refresh() {
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            place.topicId = cluster.toldTopicId();
            place.leaderEpoch = cluster.partition(i).leaderEpoch();
            boolean idKnown = !place.topicId.equals(Uuid.ZERO_UUID);
            if (idKnown && !place.topicId.equals(place.positionOf)) {
                if (!place.positionOf.equals(Uuid.ZERO_UUID)) {
                    place.moveTo(0, FetchTarget.NO_EPOCH, session.outstanding());
                }
                place.positionOf = place.topicId;
            }
            route(place);
        }
    }

    /** Notes that the fetch in flight has ended, with any outcome. */
    void fetchIsOver() {
        places.forEach(place -> place.movedSinceSent = false);
    }

    /** Uses the report of an accepted answer about one partition. */
    void use(PartitionReport report) {
        Place place = placeOf(report.partition());
        PartitionAnswer said = report.answer();
        if (place.movedSinceSent || place.offset != report.target().fetchOffset()) {
            return;
        }
        PartitionAnswer.EpochEndOffset diverging = said.divergingEpoch();
        if (said.error() == BrokerError.OFFSET_OUT_OF_RANGE) {
            place.moveTo(0, FetchTarget.NO_EPOCH, session.outstanding());
        } else if (said.error() != BrokerError.NONE) {
            place.resting = true;
        } else if (diverging != null) {
            place.moveTo(Math.min(place.offset, diverging.endOffset()), diverging.leaderEpoch(), session.outstanding());
        } else if (report.batches().nextOffset() > place.offset) {
            deliver(place, report);
        }
        route(place);
    }

    private Place placeOf(TopicPartition name) {
        return places.stream()
                .filter(place -> place.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new InvariantBroken("I18", name + " was never asked for, and is reported"));
    }

    private void deliver(Place place, PartitionReport report) {
        ByteBuffer records = report.answer().records();
        // A batch begins with its base offset.
        long from = records.getLong(records.position());
        long to = report.batches().nextOffset();
        if (from != place.offset || to != from + report.batches().batches()) {
            throw new InvariantBroken(
                    "I21",
                    place.name + " is read at " + place.offset + ", and what is delivered is " + from + " to " + to);
        }
        Uuid topicId = report.answer().topicId();
        if (!topicId.equals(Uuid.ZERO_UUID)) {
            checkContent(place, report, topicId);
        }
        place.offset = to;
        place.offsetEpoch = report.batches().lastLeaderEpoch();
    }

    private static void requireSameTopic(Place place, Uuid topicId) {
        if (!topicId.equals(place.positionOf)) {
            throw new InvariantBroken(
                    "I13", place.name + " is read in topic " + place.positionOf + ", and gets data of " + topicId);
        }
    }

    private void checkContent(Place place, PartitionReport report, Uuid topicId) {
        requireSameTopic(place, topicId);
        PartitionLog log = cluster.log(topicId, place.name.partition());
        ByteBuffer records = report.answer().records();
        ByteBuffer written = log.read(place.offset, log.highWatermark(), records.remaining(), true);
        if (!records.equals(written)) {
            throw new InvariantBroken("I22", place.name + " at " + place.offset + " gets what was never written there");
        }
    }

    /** Adds the whole state to a fingerprint. */
    void describe(Fingerprint print) {
        places.forEach(print::add);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Place place : places) {
            text.append(place.name).append('@').append(place.offset);
            text.append(place.paused ? " paused" : place.resting ? " resting" : "")
                    .append(' ');
        }
        return text.toString().trim();
    }
}
