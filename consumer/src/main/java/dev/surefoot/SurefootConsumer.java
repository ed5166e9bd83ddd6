package dev.surefoot;

import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.runtime.ConsumerRuntime;
import dev.surefoot.runtime.OneThreadAtATime;
import dev.surefoot.runtime.Seams;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka consumer that stays in step with its broker: it takes the place of {@code KafkaConsumer} by its constructor.
 *
 * <p>It fetches through incremental fetch sessions (KIP-227) that are verified on every answer and open anew by themselves, so
 * that it cannot stand still at an offset while there is more to read, and reads ahead of the application within
 * {@value SurefootConfig#BUFFER_BYTES_CONFIG}.
 *
 * <p>Methods throw what {@code KafkaConsumer}'s throw, under the same conditions. Like it, a consumer is used by one thread at a
 * time, and only {@link #wakeup} may be called from another. This version assigns partitions by {@link #assign}; what needs a
 * consumer group throws {@link UnsupportedOperationException}.
 */
public final class SurefootConsumer<K, V> extends WithoutGroups<K, V> {
    /** How long {@link #close()} may take, as in {@code KafkaConsumer}. */
    private static final Duration DEFAULT_CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private final OneThreadAtATime access = new OneThreadAtATime();
    private final Deserializer<K> keyDeserializer;
    private final Deserializer<V> valueDeserializer;
    private final Duration apiTimeout;
    private final ConsumerRuntime<K, V> runtime;

    /** Reads {@link SurefootConfig} from properties, the deserializers' classes included. */
    public SurefootConsumer(Properties properties) {
        this(properties, null, null);
    }

    /** Reads {@link SurefootConfig} from properties; a deserializer that is null is made from its class there. */
    public SurefootConsumer(
            Properties properties,
            @Nullable Deserializer<K> keyDeserializer,
            @Nullable Deserializer<V> valueDeserializer) {
        this(
                SurefootConfig.of(properties, keyDeserializer, valueDeserializer),
                keyDeserializer,
                valueDeserializer,
                Seams.NONE);
    }

    /** Reads {@link SurefootConfig} from a map, the deserializers' classes included. */
    public SurefootConsumer(Map<String, Object> configs) {
        this(configs, null, null);
    }

    /** Reads {@link SurefootConfig} from a map; a deserializer that is null is made from its class there. */
    public SurefootConsumer(
            Map<String, Object> configs,
            @Nullable Deserializer<K> keyDeserializer,
            @Nullable Deserializer<V> valueDeserializer) {
        this(
                SurefootConfig.of(configs, keyDeserializer, valueDeserializer),
                keyDeserializer,
                valueDeserializer,
                Seams.NONE);
    }

    /**
     * Makes a consumer of byte arrays, for {@link #poll(Duration, RecordVisitor)} above all. The configuration needs no
     * deserializers; if it names some, they are not made.
     *
     * @param configs keys and values as in {@link SurefootConfig}
     * @throws KafkaException if no consumer can be made of the configuration
     */
    public static SurefootConsumer<byte[], byte[]> ofBytes(Map<String, Object> configs) {
        return new SurefootConsumer<>(configs, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Makes a consumer of byte arrays, for {@link #poll(Duration, RecordVisitor)} above all. The properties need not
     * name deserializers; if they do, those are not made.
     *
     * @param properties keys and values as in {@link SurefootConfig}
     * @throws KafkaException if no consumer can be made of the configuration
     */
    public static SurefootConsumer<byte[], byte[]> ofBytes(Properties properties) {
        return new SurefootConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * For test kits: puts other parts into the seams of the shipped ones. Programs use the constructors of {@code KafkaConsumer}.
     */
    @SuppressWarnings("exports") // seams are for the test kit, which has no module
    public SurefootConsumer(
            SurefootConfig config,
            @Nullable Deserializer<K> keyDeserializer,
            @Nullable Deserializer<V> valueDeserializer,
            Seams seams) {
        MadeSoFar made = new MadeSoFar();
        try {
            ConfiguredPlugIns plugIns = new ConfiguredPlugIns(config);
            addGiven(made, keyDeserializer);
            addGiven(made, valueDeserializer);
            this.keyDeserializer =
                    deserializer(plugIns, made, ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, keyDeserializer, true);
            this.valueDeserializer = deserializer(
                    plugIns, made, ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, valueDeserializer, false);
            this.apiTimeout = Duration.ofMillis(config.getInt(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG));
            this.runtime =
                    new Assembly(config, plugIns, made).start(this.keyDeserializer, this.valueDeserializer, seams);
        } catch (Throwable e) { // whatever a plug-in throws, Errors included, is reported as KafkaConsumer reports it
            throw made.closedAfter(e);
        }
    }

    private static void addGiven(MadeSoFar made, @Nullable Deserializer<?> given) {
        if (given != null) {
            made.add(given);
        }
    }

    private static <T> Deserializer<T> deserializer(
            ConfiguredPlugIns plugIns, MadeSoFar made, String key, @Nullable Deserializer<T> given, boolean isKey) {
        if (given != null) {
            return given;
        }
        Deserializer<T> deserializer = plugIns.deserializer(key, isKey);
        made.add(deserializer);
        return deserializer;
    }

    private <T> T guarded(Supplier<T> action) {
        access.enter();
        try {
            return action.get();
        } finally {
            access.leave();
        }
    }

    private void guarded(Runnable action) {
        access.enter();
        try {
            action.run();
        } finally {
            access.leave();
        }
    }

    // Assignment.

    @Override
    public void assign(Collection<TopicPartition> partitions) {
        guarded(() -> {
            Arguments.assignment(partitions);
            runtime.assign(partitions);
        });
    }

    @Override
    public void unsubscribe() {
        guarded(() -> runtime.assign(Set.of()));
    }

    @Override
    public Set<TopicPartition> assignment() {
        return guarded(runtime::assignment);
    }

    /** Returns the empty set: this version assigns partitions by hand only. */
    @Override
    public Set<String> subscription() {
        return guarded(() -> Set.<String>of());
    }

    // Records.

    @Override
    public ConsumerRecords<K, V> poll(Duration timeout) {
        return guarded(() -> {
            checkPoll(timeout);
            return runtime.poll(timeout);
        });
    }

    /**
     * Shows records to a visitor in the memory that they were received in. No object is made for a record, and
     * deserializers are not used; {@link #ofBytes(Map)} makes a consumer without configuring any. Otherwise it does
     * what {@link #poll(Duration)} does: the same records in the same order, at most {@code max.poll.records} of them,
     * and the same positions. Each position moves behind a record as soon as the visitor has returned from it. The two
     * methods may be mixed.
     *
     * <pre>{@code
     * long[] bytes = {0};
     * while (running) {
     *     consumer.poll(Duration.ofMillis(100), record -> {
     *         bytes[0] += record.serializedValueSize();
     *         return RecordVisitor.Result.CONTINUE;
     *     });
     * }
     * }</pre>
     *
     * @param timeout how long to wait if there is no record, 0 or more
     * @param visitor called on this thread, once for each record, until it returns {@code STOP};
     *     {@link ReceivedRecord} says how long a record is valid
     * @return how many records were shown and are consumed, the one included after which the visitor stopped
     * @throws IllegalStateException if no partition is assigned, if {@code interceptor.classes} is set, if called by a
     *     visitor, or if the visitor returns null
     * @throws KafkaException as {@link #poll(Duration)} throws. Anything that the visitor throws leaves this method as
     *     it is: records shown before are consumed, the record that it was thrown for is shown again
     */
    public int poll(Duration timeout, RecordVisitor visitor) {
        return guarded(() -> {
            Arguments.visitor(visitor);
            checkPoll(timeout);
            VisitedRecord record = new VisitedRecord();
            try {
                return runtime.visit(timeout, (partition, cursor) -> record.showTo(visitor, partition, cursor));
            } finally {
                record.expire();
            }
        });
    }

    private void checkPoll(Duration timeout) {
        Arguments.timeout(timeout);
        if (!runtime.hasAssignment()) {
            throw new IllegalStateException("Consumer is not subscribed to any topics or assigned any partitions");
        }
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        pause(partitions, true);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        pause(partitions, false);
    }

    private void pause(Collection<TopicPartition> partitions, boolean pause) {
        guarded(() -> {
            Arguments.partitions(partitions);
            runtime.pause(partitions, pause);
        });
    }

    @Override
    public Set<TopicPartition> paused() {
        return guarded(runtime::paused);
    }

    // Positions.

    @Override
    public void seek(TopicPartition partition, long offset) {
        guarded(() -> {
            Arguments.seekOffset(offset);
            runtime.seek(partition, FetchPosition.at(offset));
        });
    }

    @Override
    public void seek(TopicPartition partition, OffsetAndMetadata offsetAndMetadata) {
        guarded(() -> {
            Arguments.seekOffset(offsetAndMetadata);
            runtime.seek(partition, FetchPosition.of(offsetAndMetadata.offset(), offsetAndMetadata.leaderEpoch()));
        });
    }

    @Override
    public void seekToBeginning(Collection<TopicPartition> partitions) {
        seekTo(partitions, new ResetStrategy.Earliest());
    }

    @Override
    public void seekToEnd(Collection<TopicPartition> partitions) {
        seekTo(partitions, new ResetStrategy.Latest());
    }

    private void seekTo(Collection<TopicPartition> partitions, ResetStrategy strategy) {
        guarded(() -> {
            Arguments.partitions(partitions);
            runtime.seek(partitions.isEmpty() ? runtime.assignment() : partitions, strategy);
        });
    }

    @Override
    public long position(TopicPartition partition) {
        return position(partition, apiTimeout);
    }

    @Override
    public long position(TopicPartition partition, Duration timeout) {
        return guarded(() -> {
            Arguments.timeout(timeout);
            if (!runtime.isAssigned(partition)) {
                throw new IllegalStateException(
                        "You can only check the position for partitions assigned to this consumer.");
            }
            return runtime.position(partition, timeout);
        });
    }

    @Override
    public OptionalLong currentLag(TopicPartition partition) {
        return guarded(() -> runtime.currentLag(partition));
    }

    // The cluster.

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        return partitionsFor(topic, apiTimeout);
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic, Duration timeout) {
        return guarded(() -> {
            Arguments.topic(topic);
            Arguments.timeout(timeout);
            return runtime.questions().partitionsFor(topic, timeout);
        });
    }

    @Override
    public Map<String, List<PartitionInfo>> listTopics() {
        return listTopics(apiTimeout);
    }

    @Override
    public Map<String, List<PartitionInfo>> listTopics(Duration timeout) {
        return guarded(() -> {
            Arguments.timeout(timeout);
            return runtime.questions().listTopics(timeout);
        });
    }

    @Override
    public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
        return beginningOffsets(partitions, apiTimeout);
    }

    @Override
    public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions, Duration timeout) {
        return guarded(() -> {
            Arguments.askedFor(partitions, timeout);
            return runtime.questions().beginningOffsets(partitions, timeout);
        });
    }

    @Override
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
        return endOffsets(partitions, apiTimeout);
    }

    @Override
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions, Duration timeout) {
        return guarded(() -> {
            Arguments.askedFor(partitions, timeout);
            return runtime.questions().endOffsets(partitions, timeout);
        });
    }

    @Override
    @SuppressWarnings("NullAway") // null where no record is so young, which Kafka's interface does not say in its types
    public Map<TopicPartition, @Nullable OffsetAndTimestamp> offsetsForTimes(
            Map<TopicPartition, Long> timestampsToSearch) {
        return offsetsForTimes(timestampsToSearch, apiTimeout);
    }

    @Override
    @SuppressWarnings("NullAway") // null where no record is so young, which Kafka's interface does not say in its types
    public Map<TopicPartition, @Nullable OffsetAndTimestamp> offsetsForTimes(
            Map<TopicPartition, Long> timestampsToSearch, Duration timeout) {
        return guarded(() -> {
            Arguments.askedFor(timestampsToSearch, timeout);
            return runtime.questions().offsetsForTimes(timestampsToSearch, timeout);
        });
    }

    // The consumer itself.

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        return runtime.metrics();
    }

    /** What fetching has cost and what sessions have saved since the consumer was made. Safe from any thread. */
    public FetchReport fetchReport() {
        return FetchReport.of(runtime.tally());
    }

    @Override
    public void wakeup() {
        runtime.wakeup();
    }

    @Override
    public void close() {
        closeWithin(DEFAULT_CLOSE_TIMEOUT);
    }

    @Override
    @Deprecated
    public void close(Duration timeout) {
        closeWithin(timeout == null ? DEFAULT_CLOSE_TIMEOUT : timeout);
    }

    private void closeWithin(Duration timeout) {
        Arguments.closeTimeout(timeout);
        access.enterEvenIfClosed();
        try {
            if (access.close()) {
                List<Runnable> parts =
                        List.of(() -> runtime.close(timeout), keyDeserializer::close, valueDeserializer::close);
                closeAll(parts).ifPresent(failure -> {
                    throw new KafkaException("Failed to close kafka consumer", failure);
                });
            }
        } finally {
            access.leave();
        }
    }

    /** Closes each part, whatever becomes of the others; returns the first failure, which carries the rest. */
    private static Optional<RuntimeException> closeAll(List<Runnable> parts) {
        RuntimeException first = null;
        for (Runnable part : parts) {
            try {
                part.run();
            } catch (RuntimeException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        return Optional.ofNullable(first);
    }

    /** Closes the consumer. Its group membership is not affected by the options, as it has none. */
    @Override
    public void close(CloseOptions options) {
        Arguments.closeOptions(options);
        closeWithin(options.timeout().orElse(DEFAULT_CLOSE_TIMEOUT));
    }
}
