package dev.surefoot.conformance;

import dev.surefoot.SurefootConsumer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.internals.ConsumerDelegate;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * A Surefoot consumer in the shape that {@code KafkaConsumer} expects of what it delegates to. The methods of
 * {@link Consumer} are Surefoot's; those that {@link ConsumerDelegate} adds show internals of Kafka's consumer, and
 * throw {@link UnsupportedOperationException}.
 */
public final class SurefootDelegate {
    private SurefootDelegate() {}

    /**
     * Makes a consumer of what the program has configured.
     *
     * @param keyDeserializer null if the configuration names one
     * @param valueDeserializer null if the configuration names one
     */
    @SuppressWarnings("unchecked") // a proxy has no type parameters
    public static <K, V> ConsumerDelegate<K, V> of(
            ConsumerConfig config, Deserializer<K> keyDeserializer, Deserializer<V> valueDeserializer) {
        Consumer<K, V> consumer = consumer(config.originals(), keyDeserializer, valueDeserializer);
        return (ConsumerDelegate<K, V>) Proxy.newProxyInstance(
                SurefootDelegate.class.getClassLoader(),
                new Class<?>[] {ConsumerDelegate.class},
                (proxy, method, arguments) -> invoke(consumer, method, arguments));
    }

    /**
     * Every consumer of the tests is given a group, whether it uses one or not. While Surefoot refuses groups, it is
     * made without one, and what needs one fails later.
     */
    private static <K, V> Consumer<K, V> consumer(
            Map<String, Object> configs, Deserializer<K> keyDeserializer, Deserializer<V> valueDeserializer) {
        try {
            return new SurefootConsumer<>(configs, keyDeserializer, valueDeserializer);
        } catch (UnsupportedOperationException e) {
            if (!e.getMessage().contains("consumer groups are not built yet")) {
                throw e;
            }
            Map<String, Object> groupless = new HashMap<>(configs);
            groupless.remove(ConsumerConfig.GROUP_ID_CONFIG);
            groupless.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
            groupless.remove(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG); // true is an error without a group
            return new SurefootConsumer<>(groupless, keyDeserializer, valueDeserializer);
        }
    }

    private static Object invoke(Consumer<?, ?> consumer, Method method, Object[] arguments) throws Throwable {
        if (!method.getDeclaringClass().isInstance(consumer)) {
            throw new UnsupportedOperationException(method.getName() + " shows internals of Kafka's consumer");
        }
        try {
            return method.invoke(consumer, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
