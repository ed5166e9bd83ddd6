package dev.surefoot.cli.bench;

import dev.surefoot.bench.throughput.Compression;
import dev.surefoot.bench.throughput.Workload;
import dev.surefoot.cli.console.CommandFailure;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that describe a workload, and those that change the workloads of a suite. */
final class WorkloadOptions {

    private static final int DEFAULT_VALUE_BYTES = 1024;

    @Option(names = "--value-bytes", paramLabel = "N", description = "A custom workload: bytes of each value.")
    private @Nullable Integer valueBytes;

    @Option(
            names = "--codec",
            paramLabel = "CODEC",
            description = "A custom workload: one of ${COMPLETION-CANDIDATES} (default: none).")
    private @Nullable Compression codec;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "A custom workload: partitions of the topic (default: " + Workload.DEFAULT_PARTITIONS + ").")
    private @Nullable Integer partitions;

    @Option(
            names = "--headers",
            paramLabel = "N",
            description = "A custom workload: headers on each record (default: 0).")
    private @Nullable Integer headers;

    @Option(names = "--string", description = "A custom workload: read values as String, not byte[].")
    private boolean strings;

    @Option(
            names = "--read-committed",
            description = "A custom workload: written in transactions, one in ten aborted, and read committed.")
    private boolean readCommitted;

    @Option(names = "--records", paramLabel = "N", description = "How many records, in any workload.")
    private @Nullable Long records;

    @Option(
            names = "--batch-bytes",
            paramLabel = "N",
            description = "The producer's batch.size, in any workload (default: " + Workload.DEFAULT_BATCH_BYTES + ").")
    private @Nullable Integer batchBytes;

    /** Returns whether the options describe a workload. */
    boolean describesWorkload() {
        return valueBytes != null || codec != null || partitions != null || headers != null || strings || readCommitted;
    }

    /** Returns whether any of these options is used. */
    boolean isUsed() {
        return describesWorkload() || records != null || batchBytes != null;
    }

    /** Returns the workload that the options describe. */
    Workload workload() {
        requireAtLeast(1, valueBytes, "--value-bytes");
        requireAtLeast(1, partitions, "--partitions");
        requireAtLeast(0, headers, "--headers");
        Workload workload = Workload.ofValues(valueBytes == null ? DEFAULT_VALUE_BYTES : valueBytes);
        workload = codec == null ? workload : workload.withCompression(codec);
        workload = partitions == null ? workload : workload.withPartitions(partitions);
        workload = headers == null ? workload : workload.withHeaders(headers);
        workload = strings ? workload.asStrings() : workload;
        workload = readCommitted ? workload.committed() : workload;
        return fitted(workload);
    }

    /** Returns these workloads, changed by the options that apply to any workload. */
    List<Workload> fitted(List<Workload> workloads) {
        return workloads.stream().map(this::fitted).toList();
    }

    private Workload fitted(Workload workload) {
        requireAtLeast(1, records, "--records");
        requireAtLeast(1, batchBytes, "--batch-bytes");
        Workload fitted = records == null ? workload : workload.withRecords(records);
        return batchBytes == null ? fitted : fitted.withBatchBytes(batchBytes);
    }

    private static void requireAtLeast(long least, @Nullable Number value, String option) {
        if (value != null && value.longValue() < least) {
            throw CommandFailure.wrongUsage(option + " must be at least " + least);
        }
    }
}
