package dev.surefoot.assembly;

import dev.surefoot.core.group.GroupSettings;
import dev.surefoot.runtime.Assignors;
import dev.surefoot.runtime.UnitHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Makes instances of the classes that a configuration names. If one cannot be made, the error names the key and the
 * class, and the instances made before for the same key are closed. Kafka makes and configures an instance in one call.
 * It closes an instance whose {@code configure} throws an exception, but not one whose {@code configure} throws an
 * {@link Error}.
 */
final class ConfiguredPlugIns {
    private final AbstractConfig config;
    private final Map<String, Object> clientId;

    ConfiguredPlugIns(AbstractConfig config) {
        this.config = config;
        this.clientId = Map.of(ConsumerConfig.CLIENT_ID_CONFIG, config.getString(ConsumerConfig.CLIENT_ID_CONFIG));
    }

    /**
     * Makes one instance of each class in a list, in order.
     *
     * @throws KafkaException if one of them cannot be made or configured
     */
    @SuppressWarnings({"unchecked", "rawtypes"}) // an entry may be a name or a class, and Kafka takes both
    <T extends AutoCloseable> List<T> listed(String key, Class<T> type) {
        MadeSoFar made = new MadeSoFar();
        List<T> instances = new ArrayList<>();
        for (Object entry : (List) config.getList(key)) {
            try {
                for (T instance : config.getConfiguredInstances((List<String>) (List) List.of(entry), type, clientId)) {
                    made.add(instance);
                    instances.add(instance);
                }
            } catch (Throwable e) { // a class that cannot be initialized throws an Error
                throw made.closedAfter(failed(key, entry, e));
            }
        }
        return instances;
    }

    /**
     * Makes a deserializer.
     *
     * @throws KafkaException if it cannot be made or configured
     */
    @SuppressWarnings("unchecked") // the configuration knows deserializers by class only
    <T> Deserializer<T> deserializer(String key, boolean isKey) {
        MadeSoFar made = new MadeSoFar();
        try {
            Deserializer<T> deserializer = config.getConfiguredInstance(key, Deserializer.class);
            made.add(deserializer);
            deserializer.configure(config.originals(clientId), isKey);
            return deserializer;
        } catch (Throwable e) { // a class that cannot be initialized throws an Error
            throw made.closedAfter(failed(key, config.getClass(key), e));
        }
    }

    /**
     * Makes the handler of bad records.
     *
     * @throws KafkaException if it cannot be made or configured
     */
    <H> UnitHandler badRecordHandler(HandlerKind<H> kind) {
        try {
            H handler = config.getConfiguredInstance(OwnKeys.ON_BAD_RECORD_HANDLER, kind.type(), clientId);
            return kind.asPart().apply(handler);
        } catch (Throwable e) { // a class that cannot be initialized throws an Error
            throw failed(OwnKeys.ON_BAD_RECORD_HANDLER, config.getClass(OwnKeys.ON_BAD_RECORD_HANDLER), e);
        }
    }

    /**
     * Makes the assignors of a group in the classic protocol; none for another consumer.
     *
     * @throws KafkaException if one of them cannot be made or configured
     * @throws IllegalArgumentException if they cannot be used together
     */
    Assignors assignors() {
        boolean needsAny = config.getString(ConsumerConfig.GROUP_ID_CONFIG) != null
                && ConfiguredSettings.protocol(config) == GroupSettings.Protocol.CLASSIC;
        return new Assignors(
                needsAny
                        ? ConsumerPartitionAssignor.getAssignorInstances(
                                config.getList(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG),
                                config.originals(clientId))
                        : List.of());
    }

    private static KafkaException failed(String key, Object named, Throwable cause) {
        String className = named instanceof Class<?> type ? type.getName() : String.valueOf(named);
        return new KafkaException(
                key + " names " + className + ", which cannot be made or configured: " + FailureReason.of(cause)
                        + ". Correct the class or its configuration, or name another one in " + key + ".",
                cause);
    }
}
