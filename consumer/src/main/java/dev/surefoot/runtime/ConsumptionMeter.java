package dev.surefoot.runtime;

import dev.surefoot.core.handover.FetchedAnswer;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;

/**
 * The metrics of what the application consumes, in all and by topic. Rates are recorded with each poll, sizes of
 * fetches when an answer is read to its end. The metrics of a topic stay when none of its partitions is assigned any
 * more, so that its totals go on when one is assigned again. Recorded by the application's thread.
 */
final class ConsumptionMeter {
    /** The quantities of the client, or of a topic. */
    private static final class Consumed {
        final Quantity records;
        final Quantity bytes;
        final Quantity recordsOfAnswer;
        final Quantity bytesOfAnswer;

        Consumed(MetricScope scope, MetricConfig config, String group) {
            records = new Quantity(config);
            bytes = new Quantity(config);
            recordsOfAnswer = new Quantity(config);
            bytesOfAnswer = new Quantity(config);
            scope.add("records-consumed-rate", group, "Records consumed per second", records.rate());
            scope.add("records-consumed-total", group, "Records consumed", records.total());
            scope.add("bytes-consumed-rate", group, "Bytes of records consumed per second", bytes.rate());
            scope.add("bytes-consumed-total", group, "Bytes of records consumed", bytes.total());
            scope.add("records-per-request-avg", group, "Average records consumed of a fetch", recordsOfAnswer.avg());
            scope.add("fetch-size-avg", group, "Average bytes of records consumed of a fetch", bytesOfAnswer.avg());
            scope.add("fetch-size-max", group, "Most bytes of records consumed of a fetch", bytesOfAnswer.max());
        }

        void taken(int recordsTaken, long bytesTaken, long nowMs) {
            records.record(recordsTaken, nowMs);
            bytes.record((double) bytesTaken, nowMs);
        }

        void answerRead(FetchedAnswer.Amount amount, long nowMs) {
            recordsOfAnswer.record(amount.records(), nowMs);
            bytesOfAnswer.record((double) amount.bytes(), nowMs);
        }
    }

    private final Metrics metrics;
    private final String group;
    private final Consumed all;
    private final Map<String, Consumed> topics = new HashMap<>();

    ConsumptionMeter(Metrics metrics, String group) {
        this.metrics = metrics;
        this.group = group;
        this.all = new Consumed(MetricScope.ofClient(metrics), metrics.config(), group);
    }

    private Consumed ofTopic(String topic) {
        return topics.computeIfAbsent(
                topic, name -> new Consumed(MetricScope.ofTopic(metrics, name), metrics.config(), group));
    }

    void taken(String topic, int records, long bytes, long nowMs) {
        all.taken(records, bytes, nowMs);
        ofTopic(topic).taken(records, bytes, nowMs);
    }

    void answerRead(FetchedAnswer answer, long nowMs) {
        all.answerRead(answer.total(), nowMs);
        answer.byTopic().forEach((topic, amount) -> ofTopic(topic).answerRead(amount, nowMs));
    }
}
