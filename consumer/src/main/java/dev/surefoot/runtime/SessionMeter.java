package dev.surefoot.runtime;

import dev.surefoot.core.fetch.FetchTally;
import java.util.List;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.metrics.Metrics;

/** The metrics of fetch sessions, which only Surefoot has: the loop's counts, as of its last turn. */
final class SessionMeter {
    static final String GROUP = "surefoot-fetch-session-metrics";

    /** One count of the tally, as a metric. */
    private record Count(String name, ToLongFunction<FetchTally> value, String description) {}

    private static final List<Count> COUNTS = List.of(
            new Count("sessions-opened-total", FetchTally::sessionsOpened, "Sessions that brokers granted"),
            new Count("full-fetches-total", FetchTally::fullFetches, "Fetches that listed every partition"),
            new Count(
                    "incremental-fetches-total",
                    FetchTally::incrementalFetches,
                    "Fetches that listed only what had changed"),
            new Count("refused-fetches-total", FetchTally::refusedFetches, "Fetches that brokers refused as a whole"),
            new Count(
                    "mismatched-fetches-total",
                    FetchTally::mismatchedFetches,
                    "Answers that contradicted their session"),
            new Count(
                    "doubted-partitions-total",
                    FetchTally::doubtedPartitions,
                    "Partitions in answers whose data was not believed"),
            new Count("failed-fetches-total", FetchTally::failedFetches, "Fetches that ended without an answer"),
            new Count("request-bytes-total", FetchTally::requestBytes, "Bytes of Fetch requests on the wire"),
            new Count("response-bytes-total", FetchTally::responseBytes, "Bytes of Fetch responses on the wire"),
            new Count("saved-bytes-total", FetchTally::savedBytes, "Bytes that full fetches would have cost more"));

    private SessionMeter() {}

    static void register(Metrics metrics, Loop loop) {
        MetricScope client = MetricScope.ofClient(metrics);
        for (Count count : COUNTS) {
            Measurable value = (config, nowMs) -> count.value().applyAsLong(loop.tally());
            client.add(count.name(), GROUP, count.description(), value);
        }
        Measurable held = (config, nowMs) -> loop.heldBytes();
        client.add("buffered-bytes", GROUP, "Bytes of fetched data held for the application", held);
    }
}
