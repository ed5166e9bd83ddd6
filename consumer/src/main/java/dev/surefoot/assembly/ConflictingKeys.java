package dev.surefoot.assembly;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.AbstractConfig;

/**
 * Finds keys whose values are valid each and wrong together. Reports only what leads to a failure, not a bound that
 * another bound makes ineffective.
 */
final class ConflictingKeys {
    private ConflictingKeys() {}

    /** Returns one text for each conflict. Each names both keys and says what to do. */
    static List<String> in(AbstractConfig config) {
        List<String> conflicts = new ArrayList<>();
        long waitMs = config.getInt(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG);
        long timeoutMs = config.getInt(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG);
        long idleMs = config.getLong(ConsumerConfig.CONNECTIONS_MAX_IDLE_MS_CONFIG);
        if (timeoutMs > 0 && waitMs >= timeoutMs) {
            conflicts.add("fetch.max.wait.ms (" + waitMs + ") is not below request.timeout.ms (" + timeoutMs
                    + "): a broker may hold a fetch back for longer than an answer may take. The answer to a fetch is"
                    + " awaited for the sum of both, so a dead broker is detected only after "
                    + (waitMs + timeoutMs) + " ms. Lower fetch.max.wait.ms, or raise request.timeout.ms.");
        }
        if (idleMs >= 0 && waitMs >= idleMs) {
            conflicts.add("fetch.max.wait.ms (" + waitMs + ") is not below connections.max.idle.ms (" + idleMs
                    + "): this client keeps a connection with a fetch in flight, but brokers and proxies close"
                    + " connections that are idle for too long, and then the fetch and its session are lost."
                    + " Lower fetch.max.wait.ms, or raise connections.max.idle.ms.");
        }
        if (timeoutMs == 0) {
            conflicts.add(
                    "request.timeout.ms is 0: every request is overdue when it is sent. Set it to some seconds, the"
                            + " default is "
                            + ConsumerConfig.configDef().defaultValues().get(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG)
                            + ".");
        }
        return conflicts;
    }
}
