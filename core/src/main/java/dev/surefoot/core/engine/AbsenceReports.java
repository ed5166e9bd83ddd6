package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.Cluster;
import dev.surefoot.core.cluster.PartitionLeader;
import dev.surefoot.core.cluster.TopicAbsence;
import dev.surefoot.core.error.BrokerQuestion;
import dev.surefoot.core.error.ErrorMeaning;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.TrackedPartition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reports topics and partitions that the application reads and brokers keep saying they do not have: once for each
 * absence, and once when it ends. Without this a misspelt name would look like a topic without records. Owned by the
 * loop's thread.
 */
final class AbsenceReports {
    /** One broker may lag behind. */
    private static final int ANSWERS_MIN = 3;

    /** A topic that is being created becomes known to all brokers within this time. */
    private static final long LASTED_MIN_NANOS = 2_000_000_000L;

    /** A partition that its topic does not have, with the answers that have said so. */
    private record Missing(long firstNanos, int answers, boolean reported) {
        Missing answeredAgain() {
            return new Missing(firstNanos, answers + 1, reported);
        }
    }

    private final Cluster cluster;
    private final Positions positions;
    private final Consumer<EngineEvent> events;
    private final Map<String, TopicAbsence> reported = new TreeMap<>();
    private final Map<TopicPartition, Missing> missing = new HashMap<>();

    AbsenceReports(Cluster cluster, Positions positions, Consumer<EngineEvent> events) {
        this.cluster = cluster;
        this.positions = positions;
        this.events = events;
    }

    /**
     * Looks at what an answer has changed, after {@link Cluster#update}.
     *
     * @param topics the topics that are assigned or subscribed to
     */
    void metadataAnswered(Set<String> topics, @Nullable String clusterId, long nowNanos) {
        reported.keySet().retainAll(topics);
        for (String topic : topics) {
            TopicAbsence absence = cluster.absence(topic);
            TopicAbsence before = reported.get(topic);
            if (absence != null && before == null && isToBeReported(absence)) {
                reported.put(topic, absence);
                events.accept(new EngineEvent.TopicAbsent(topic, absence, clusterId));
            } else if (absence == null && before != null) {
                reported.remove(topic);
                events.accept(new EngineEvent.AbsenceEnded(topic, nowNanos - before.firstNanos()));
            }
        }
        lookAtPartitions(nowNanos);
    }

    /** The application gets an exception for an error that lasts, so that needs no report. */
    private static boolean isToBeReported(TopicAbsence absence) {
        return BrokerQuestion.LEADERS.meaningOf(absence.error()) != ErrorMeaning.LASTING
                && absence.answers() >= ANSWERS_MIN
                && absence.lastedNanos() >= LASTED_MIN_NANOS;
    }

    private void lookAtPartitions(long nowNanos) {
        Set<TopicPartition> still = new HashSet<>();
        for (TrackedPartition partition : positions.all()) {
            TopicPartition name = partition.partition();
            if (cluster.leader(name).standing() == PartitionLeader.Standing.NO_PARTITION) {
                still.add(name);
                lookAtMissing(name, nowNanos);
            }
        }
        for (TopicPartition name : Set.copyOf(missing.keySet())) {
            if (!still.contains(name)) {
                end(name, missing.remove(name), nowNanos);
            }
        }
    }

    private void lookAtMissing(TopicPartition name, long nowNanos) {
        Missing before = missing.get(name);
        Missing now = before == null ? new Missing(nowNanos, 1, false) : before.answeredAgain();
        long lastedNanos = nowNanos - now.firstNanos();
        if (!now.reported() && now.answers() >= ANSWERS_MIN && lastedNanos >= LASTED_MIN_NANOS) {
            now = new Missing(now.firstNanos(), now.answers(), true);
            events.accept(new EngineEvent.PartitionAbsent(
                    name, cluster.partitionCount(name.topic()), now.answers(), lastedNanos));
        }
        missing.put(name, now);
    }

    /** Reports the end of an absence that was reported, unless the partition is not assigned any more. */
    private void end(TopicPartition name, @Nullable Missing ended, long nowNanos) {
        boolean exists = cluster.leader(name).isKnown() || cluster.leaderless(name) != null;
        if (ended != null && ended.reported() && exists && positions.get(name) != null) {
            events.accept(new EngineEvent.AbsenceEnded(name.toString(), nowNanos - ended.firstNanos()));
        }
    }
}
