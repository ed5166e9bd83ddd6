package dev.surefoot;

import dev.surefoot.core.fetch.FetchTally;
import dev.surefoot.core.fetch.RecordAssembler;
import dev.surefoot.core.position.FetchPosition;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.runtime.ConsumerRuntime;
import dev.surefoot.runtime.OneThreadAtATime;
import dev.surefoot.runtime.Seams;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
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
public final class SurefootConsumer<K, V> implements WithoutGroups<K, V> {
    /** How long {@link #close()} may take, as in {@code KafkaConsumer}. */
    private static final Duration DEFAULT_CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private final OneThreadAtATime access = new OneThreadAtATime();
    private final Deserializer<K> keyDeserializer;
    private final Deserializer<V> valueDeserializer;
    private final Duration apiTimeout;
    private final ConsumerRuntime<K, V> runtime;
    private final Supplier<Map<MetricName, ? extends Metric>> metrics;

    /** Reads {@link SurefootConfig} from properties, the deserializers' classes included. */
    public SurefootConsumer(Properties properties) {
        this(properties, null, null);
    }

    /** Reads {@link SurefootConfig} from properties; a deserializer that is null is made from its class there. */
    public SurefootConsumer(
            Properties properties,
            @Nullable Deserializer<K> keyDeserializer,
            @Nullable Deserializer<V> valueDeserializer) {
        this(SurefootConfig.of(properties, keyDeserializer, valueDeserializer), keyDeserializer, valueDeserializer, Seams.NONE);
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
        this(SurefootConfig.of(configs, keyDeserializer, valueDeserializer), keyDeserializer, valueDeserializer, Seams.NONE);
    }

    /**
     * For test kits: puts other parts into the seams of the shipped ones. Programs use the constructors of {@code KafkaConsumer}.
     */
    public SurefootConsumer(
            SurefootConfig config,
            @Nullable Deserializer<K> keyDeserializer,
            @Nullable Deserializer<V> valueDeserializer,
            Seams seams) {
        this.keyDeserializer =
                deserializer(config, ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, keyDeserializer, true);
        this.valueDeserializer =
                deserializer(config, ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, valueDeserializer, false);
        this.apiTimeout = Duration.ofMillis(config.getInt(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG));
        Assembly assembly = new Assembly(config);
        this.runtime = assembly.start(new RecordAssembler<>(this.keyDeserializer, this.valueDeserializer), seams);
        this.metrics = assembly::currentMetrics;
    }
}
