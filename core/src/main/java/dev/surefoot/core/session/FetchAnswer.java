package dev.surefoot.core.session;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.records.Lease;
import java.util.List;
import org.apache.kafka.common.Node;

/**
 * A decoded Fetch response. Its records are slices of a pooled buffer that {@code lease} keeps alive.
 *
 * @param error the top-level error
 * @param throttleTimeMs milliseconds for which the broker asks the client to send nothing (KIP-219), 0 for no delay
 * @param sessionId the session id field; 0 or less means that no session exists after this exchange
 * @param partitions every partition in the answer, in the broker's order
 * @param nodeEndpoints addresses of new leaders named by leader hints (KIP-951), often empty
 * @param lease a hold on the buffer that the records are slices of; the receiver of this answer releases it
 * @param errorCode the top-level error code as the broker sent it; {@link BrokerError} may have no constant for it
 */
public record FetchAnswer(
        BrokerError error,
        int throttleTimeMs,
        int sessionId,
        List<PartitionAnswer> partitions,
        List<Node> nodeEndpoints,
        Lease lease,
        short errorCode) {

    /** Makes an answer whose error code is that of {@code error}. */
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
