package dev.surefoot;

import dev.surefoot.progress.Health;
import dev.surefoot.progress.PartitionProgress;
import dev.surefoot.progress.ProgressListener;
import dev.surefoot.progress.ProgressSnapshot;
import dev.surefoot.runtime.ConsumerRuntime;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;

/**
 * What a consumer says of its progress, beyond Kafka's interface. All methods are safe from any thread.
 *
 * <p>A class, not an interface, as {@link WithTelemetry} is.
 */
abstract class WithProgress<K, V> extends WithTelemetry<K, V> {
    private final ConsumerRuntime<K, V> runtime;

    WithProgress(ConsumerRuntime<K, V> runtime) {
        super(runtime);
        this.runtime = runtime;
    }

    /**
     * Returns how far the consumer is with each assigned partition, and why it is not further. Never waits, and throws
     * nothing. Safe from any thread, also while another one is in {@link #poll}, and after the consumer's own thread
     * has failed.
     */
    public ProgressSnapshot progress() {
        return runtime.progress().snapshot();
    }

    /**
     * Returns how far the consumer is with one partition, and why it is not further; also for a partition that is not
     * assigned. Never waits, and throws nothing. Safe from any thread.
     *
     * @param partition not null
     */
    public PartitionProgress progress(TopicPartition partition) {
        return runtime.progress().of(Objects.requireNonNull(partition, "partition"));
    }

    /**
     * Adds a listener that is told what keeps partitions from advancing, from now on. It is called on the consumer's
     * own thread. Throws nothing. Safe from any thread.
     *
     * @param listener not null
     */
    public void addProgressListener(ProgressListener listener) {
        runtime.listen(Objects.requireNonNull(listener, "listener"));
    }

    /**
     * Returns what a probe of the process should answer: whether a restart would help, and whether the consumer has
     * begun to read. Never waits, and throws nothing. Safe from any thread.
     */
    public Health health() {
        return runtime.progress().health();
    }
}
