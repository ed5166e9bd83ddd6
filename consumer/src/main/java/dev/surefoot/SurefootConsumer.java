package dev.surefoot;

import dev.surefoot.assembly.Assembly;
import dev.surefoot.assembly.SeamedConsumers;
import dev.surefoot.core.group.Membership;
import dev.surefoot.runtime.ConsumerRuntime;
import dev.surefoot.runtime.GroupMember;
import dev.surefoot.runtime.OneThreadAtATime;
import dev.surefoot.runtime.Seams;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka consumer that does not stall on a stale fetch session. Its constructors have the signatures of
 * {@code KafkaConsumer}'s.
 *
 * <p>It fetches through incremental fetch sessions (KIP-227), checks every answer against the requests of the session,
 * and opens a new session when they differ. It reads ahead of the application within
 * {@value SurefootConfig#BUFFER_BYTES_CONFIG} bytes. Partitions are assigned by a group
 * ({@link #subscribe(Collection)}, in the classic or the consumer protocol) or by the application ({@link #assign}).
 *
 * <p>Methods throw what {@code KafkaConsumer}'s throw, under the same conditions. These rules hold for all of them:
 * <ul>
 * <li>A consumer is used by one thread at a time. A method that is not marked as safe from any thread throws
 * {@link java.util.ConcurrentModificationException} while another thread is inside.
 * <li>It throws {@link IllegalStateException} once the consumer is closed, and {@link IllegalArgumentException} for an
 * argument that is null or out of its range; then nothing has changed.
 * <li>A timeout is zero or more, and may be as long as a {@link Duration} can be. A call that waits also throws
 * {@link WakeupException} after {@link #wakeup}, {@link InterruptException} when its
 * thread is interrupted, and a {@link KafkaException} when brokers refuse the credentials, or the consumer's own thread
 * has failed.
 * <li>Offsets are zero or more; sizes are in bytes, and times in the units that their names or types say.
 * </ul>
 */
public final class SurefootConsumer<K, V> extends WithPositions<K, V> {
    /** The time that {@link #close()} may take, as in {@code KafkaConsumer}. */
    private static final Duration DEFAULT_CLOSE_TIMEOUT = Duration.ofSeconds(30);

    static {
        SeamedConsumers.register(SurefootConsumer::new);
    }

    private final OneThreadAtATime access;
    private final ConsumerRuntime<K, V> runtime;

    /** Does the same as {@link #SurefootConsumer(Map)}. The defaults of the properties are ignored. */
    public SurefootConsumer(Properties properties) {
        this(properties, null, null);
    }

    /**
     * Does the same as {@link #SurefootConsumer(Map, Deserializer, Deserializer)}. The defaults of the properties are
     * ignored.
     */
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

    /**
     * Makes a consumer and starts its thread; connects to nothing yet. May be called by any thread.
     *
     * @param configs the keys of {@link SurefootConfig}, the deserializers' classes among them
     * @throws KafkaException if a value is missing or wrong, or a part cannot be made; then everything that was made is
     *     closed
     */
    public SurefootConsumer(Map<String, Object> configs) {
        this(configs, null, null);
    }

    /**
     * Makes a consumer and starts its thread; connects to nothing yet. May be called by any thread.
     *
     * @param configs the keys of {@link SurefootConfig}
     * @param keyDeserializer closed with the consumer, and also if a part cannot be made after the configuration was
     *     accepted; null to make one of the class that {@code key.deserializer} names
     * @param valueDeserializer the same for values, with {@code value.deserializer}
     * @throws KafkaException if a value is missing or wrong, or a part cannot be made; then everything that was made is
     *     closed
     */
    public SurefootConsumer(
            Map<String, Object> configs,
            @Nullable Deserializer<K> keyDeserializer,
            @Nullable Deserializer<V> valueDeserializer) {
        this(configs, keyDeserializer, valueDeserializer, Seams.NONE);
    }

    /**
     * Makes a consumer of byte arrays, mainly for {@link #poll(Duration, RecordVisitor)}. The configuration needs no
     * deserializers; deserializers that it names are not made. May be called by any thread.
     *
     * @param configs keys and values as in {@link SurefootConfig}
     * @throws KafkaException if no consumer can be made of the configuration
     */
    public static SurefootConsumer<byte[], byte[]> ofBytes(Map<String, Object> configs) {
        return new SurefootConsumer<>(configs, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Makes a consumer of byte arrays, mainly for {@link #poll(Duration, RecordVisitor)}. The properties need not name
     * deserializers; deserializers that they name are not made. May be called by any thread.
     *
     * @param properties keys and values as in {@link SurefootConfig}
     * @throws KafkaException if no consumer can be made of the configuration
     */
    public static SurefootConsumer<byte[], byte[]> ofBytes(Properties properties) {
        return new SurefootConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Registered with {@link SeamedConsumers}, which calls it. */
    private SurefootConsumer(
            Map<String, Object> configs,
            @Nullable Deserializer<K> keyDeserializer,
            @Nullable Deserializer<V> valueDeserializer,
            Seams seams) {
        this(SurefootConfig.of(configs, keyDeserializer, valueDeserializer), keyDeserializer, valueDeserializer, seams);
    }

    private SurefootConsumer(
            SurefootConfig config,
            @Nullable Deserializer<K> keyDeserializer,
            @Nullable Deserializer<V> valueDeserializer,
            Seams seams) {
        this(
                Duration.ofMillis(config.getInt(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG)),
                Assembly.start(config, keyDeserializer, valueDeserializer, config.badRecordHandler(), seams),
                new OneThreadAtATime());
    }

    private SurefootConsumer(Duration apiTimeout, ConsumerRuntime<K, V> runtime, OneThreadAtATime access) {
        super(access, runtime, apiTimeout);
        this.access = access;
        this.runtime = runtime;
    }

    // Assignment.

    /**
     * Replaces the assignment. Partitions that stay keep their positions and what was fetched for them. The others
     * begin at the offset that the group has committed; without one, or without a group, as {@code auto.offset.reset}
     * says, unless the application seeks.
     *
     * @param partitions none of them null or without a topic; empty to unassign all
     */
    @Override
    public void assign(Collection<TopicPartition> partitions) {
        access.guarded(() -> {
            Arguments.assignment(partitions);
            if (partitions.isEmpty()) {
                unsubscribe();
                return;
            }
            GroupMember member = runtime.member();
            if (member != null) {
                member.assign(partitions);
            } else {
                runtime.assignments().assign(partitions);
            }
        });
    }

    /** Returns the assigned partitions, as a copy. */
    @Override
    public Set<TopicPartition> assignment() {
        return access.guarded(() -> runtime.assignments().assignment());
    }

    /**
     * Pauses partitions: {@link #poll} returns no records of them. What was fetched for them is kept while there is
     * memory.
     *
     * @throws IllegalStateException if one of them is not assigned
     */
    @Override
    public void pause(Collection<TopicPartition> partitions) {
        access.guarded(() -> {
            Arguments.partitions(partitions);
            runtime.assignments().pause(partitions);
        });
    }

    /**
     * Resumes partitions; those that are not paused stay as they are.
     *
     * @throws IllegalStateException if one of them is not assigned
     */
    @Override
    public void resume(Collection<TopicPartition> partitions) {
        access.guarded(() -> {
            Arguments.partitions(partitions);
            runtime.assignments().resume(partitions);
        });
    }

    /** Returns the paused partitions, as a copy. */
    @Override
    public Set<TopicPartition> paused() {
        return access.guarded(() -> runtime.assignments().paused());
    }

    // Records.

    /**
     * Returns the next records, at most {@code max.poll.records} of them, and moves the positions behind them.
     * Partitions take turns. May return no record before the timeout, when a position has moved without a record.
     *
     * @param timeout how long to wait if there is no record
     * @throws IllegalStateException if no partition is assigned and no topic subscribed to, or if called by a visitor
     *     or a rebalance listener
     * @throws InvalidOffsetException if the offset of a position does not exist any more, or a partition has no
     *     position, and {@code auto.offset.reset} is none
     * @throws org.apache.kafka.common.errors.RecordDeserializationException if a deserializer throws; the position
     *     stays
     * @throws KafkaException if a record or a topic cannot be read; the message says which and what to do
     */
    @Override
    public ConsumerRecords<K, V> poll(Duration timeout) {
        return access.guarded(() -> {
            Arguments.timeout(timeout);
            return runtime.polling().poll(timeout);
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
     * @param visitor called on this thread, once for each record, until it returns {@code STOP}; see
     *     {@link ReceivedRecord} for how long a record is valid
     * @return how many records were shown and are consumed, the one included after which the visitor stopped
     * @throws IllegalStateException if no partition is assigned, if {@code interceptor.classes} is set, if called by a
     *     visitor, or if the visitor returns null
     * @throws KafkaException as {@link #poll(Duration)} throws. Anything that the visitor throws leaves this method as
     *     it is: records shown before are consumed, the record that it was thrown for is shown again
     */
    public int poll(Duration timeout, RecordVisitor visitor) {
        return access.guarded(() -> {
            Arguments.visitor(visitor);
            Arguments.timeout(timeout);
            VisitedRecord record = new VisitedRecord();
            try {
                return runtime.polling()
                        .visit(timeout, (partition, cursor) -> record.showTo(visitor, partition, cursor));
            } finally {
                record.expire();
            }
        });
    }

    // The consumer itself.

    /**
     * Returns all metrics, as a copy of the map; the values of its metrics go on to change. Throws nothing. Safe from
     * any thread.
     */
    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        return runtime.metrics();
    }

    /**
     * Returns what fetching has cost and what sessions have saved since the consumer was made. Throws nothing. Safe
     * from any thread.
     */
    public FetchReport fetchReport() {
        return FetchReport.of(runtime.tally());
    }

    /**
     * Ends the wait under way, or if there is none the next one, with a {@link WakeupException}. Throws nothing. Safe
     * from any thread.
     */
    @Override
    public void wakeup() {
        runtime.wakeup();
    }

    /** Closes the consumer as {@link #close(CloseOptions)} does, within 30 seconds, and throws the same. */
    @Override
    public void close() {
        closeWithin(DEFAULT_CLOSE_TIMEOUT, Membership.Departure.DEFAULT);
    }

    /**
     * Closes the consumer as {@link #close(CloseOptions)} does, within the timeout or, if that is null, within 30
     * seconds.
     */
    @Override
    @Deprecated
    public void close(Duration timeout) {
        closeWithin(timeout == null ? DEFAULT_CLOSE_TIMEOUT : timeout, Membership.Departure.DEFAULT);
    }

    private void closeWithin(Duration timeout, Membership.Departure departure) {
        Arguments.closeTimeout(timeout);
        access.enterEvenIfClosed();
        try {
            if (access.beginClosing()) {
                runtime.close(timeout, departure, access::close);
            }
        } catch (InterruptException e) {
            throw e;
        } catch (Throwable e) { // Errors included, as KafkaConsumer does
            throw new KafkaException("Failed to close kafka consumer", e);
        } finally {
            access.leave();
        }
    }

    /**
     * Commits what was consumed if {@code enable.auto.commit} is set, calls the listener for the partitions that are
     * given up, and leaves the group as the options say; waits for the group's coordinator for {@code
     * request.timeout.ms} at most. Closes the sessions at their brokers. All that as far as it succeeds within the
     * timeout, 30 seconds by default. Then it closes connections, thread, interceptors, metrics and
     * deserializers, each of them even if another one throws. It releases the memory of fetched data. Closing again
     * does nothing. Called by a rebalance listener, it takes effect when the listener has returned, and the poll that
     * has called the listener throws an {@link IllegalStateException}.
     *
     * @throws InterruptException if the thread is interrupted before or while the consumer closes; it is closed all the
     *     same, and its sessions end in the background, within the timeout
     * @throws KafkaException if a part could not be closed; its cause is the first failure, in which the others are
     *     suppressed
     */
    @Override
    public void close(CloseOptions options) {
        Arguments.closeOptions(options);
        closeWithin(options.timeout().orElse(DEFAULT_CLOSE_TIMEOUT), Departures.of(options));
    }
}
