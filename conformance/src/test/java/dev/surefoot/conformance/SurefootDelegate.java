package dev.surefoot.conformance;

import dev.surefoot.SurefootConsumer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
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
        Consumer<K, V> consumer = new SurefootConsumer<>(config.originals(), keyDeserializer, valueDeserializer);
        return (ConsumerDelegate<K, V>) Proxy.newProxyInstance(
                SurefootDelegate.class.getClassLoader(),
                new Class<?>[] {ConsumerDelegate.class},
                (proxy, method, arguments) -> invoke(consumer, method, arguments));
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
