package dev.surefoot.core.session;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.records.Lease;
import java.util.List;
import org.apache.kafka.common.Node;

/**
 * A decoded Fetch response. Its records are slices of a pooled buffer that {@code lease} keeps alive.
 *
 * @param error the top-level error
 * @param throttleTimeMs how long the broker asks the client to stay quiet (KIP-219), 0 for not at all
 * @param sessionId the session id field; 0 or less means that no session exists after this exchange
 * @param partitions every partition in the answer, in the broker's order
 * @param nodeEndpoints addresses of new leaders named by leader hints (KIP-951), often empty
 * @param lease the hold on the buffer that the records are slices of; belongs to whoever receives this answer
 * @param errorCode the top-level error as the broker gave it, which may be one that {@link BrokerError} does not know
 */
public record FetchAnswer(
        BrokerError error,
        int throttleTimeMs,
        int sessionId,
        List<PartitionAnswer> partitions,
        List<Node> nodeEndpoints,
        Lease lease,
        short errorCode) {

    /** An answer whose top-level error this version knows. */
    public FetchAnswer(
            BrokerError error,
            int throttleTimeMs,
            int sessionId,
            List<PartitionAnswer> partitions,
            List<Node> nodeEndpoints,
            Lease lease) {
        this(error, throttleTimeMs, sessionId, partitions, nodeEndpoints, lease, error.code());
    }
}
