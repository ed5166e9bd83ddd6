package dev.surefoot.core.group;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Asks the coordinator what it has assigned to the members of a group (classic protocol, DescribeGroups). It goes over
 * the control connection: a JoinGroup may be held back on the coordinator's.
 */
public final class DescribeGroup {
    private DescribeGroup() {}

    /**
     * Has one group described. Who may read a group may describe it as well.
     *
     * @param timeoutNanos how long the answer may take, in nanoseconds
     */
    public record DescribeGroupRequest(int nodeId, String groupId, long timeoutNanos)
            implements Request<DescribeGroupResponse> {
        @Override
        public Class<DescribeGroupResponse> answerType() {
            return DescribeGroupResponse.class;
        }
    }

    /**
     * The answer to it.
     *
     * @param throttleTimeMs the throttle time that the broker asks for, in milliseconds (KIP-219)
     * @param errorCode the code that the broker gave
     * @param stable whether all members have their part of the plan and no rebalance is under way
     * @param assigned the partitions of all members; none if there is an error
     */
    public record DescribeGroupResponse(
            int throttleTimeMs, BrokerError error, short errorCode, boolean stable, Set<TopicPartition> assigned)
            implements Answer {
        public DescribeGroupResponse {
            assigned = Set.copyOf(assigned);
        }
    }
}
