package dev.surefoot.runtime;

import dev.surefoot.net.Closing;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;

/**
 * The configured interceptors, in order (KIP-42). If one throws, the error is logged and the next one is called, as in
 * Kafka's own consumer. Called by the application's thread.
 */
public final class Interceptors<K, V> {
    private final List<ConsumerInterceptor<K, V>> interceptors;
    private final Logger log;

    /**
     * @param interceptors in the order in which they are called
     * @param log takes what an interceptor throws
     */
    public Interceptors(List<ConsumerInterceptor<K, V>> interceptors, Logger log) {
        this.interceptors = List.copyOf(interceptors);
        this.log = log;
    }

    boolean isEmpty() {
        return interceptors.isEmpty();
    }

    ConsumerRecords<K, V> onConsume(ConsumerRecords<K, V> records) {
        ConsumerRecords<K, V> intercepted = records;
        for (ConsumerInterceptor<K, V> interceptor : interceptors) {
            try {
                intercepted = interceptor.onConsume(intercepted);
            } catch (Exception e) { // an interceptor may throw checked exceptions
                log.warn("Interceptor {} has thrown in onConsume and is skipped for these records", interceptor, e);
            }
        }
        return intercepted;
    }

    void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        for (ConsumerInterceptor<K, V> interceptor : interceptors) {
            try {
                interceptor.onCommit(offsets);
            } catch (Exception e) { // an interceptor may throw checked exceptions
                log.warn("Interceptor {} has thrown in onCommit", interceptor, e);
            }
        }
    }

    /**
     * Closes all interceptors. What one throws is logged, as in Kafka's own consumer. An {@link Error} is thrown after
     * the last one is closed.
     */
    void close() {
        Closing.all(interceptors.stream()
                .map(interceptor -> (AutoCloseable) () -> close(interceptor))
                .toList());
    }

    private void close(ConsumerInterceptor<K, V> interceptor) {
        try {
            interceptor.close();
        } catch (Exception e) { // an interceptor may throw checked exceptions
            log.warn("Interceptor {} has thrown in close", interceptor, e);
        }
    }
}
