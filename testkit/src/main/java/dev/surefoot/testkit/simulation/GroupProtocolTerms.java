package dev.surefoot.testkit.simulation;

import dev.surefoot.testkit.simulation.check.Violation;
import dev.surefoot.testkit.simulation.schedule.GroupShape;
import dev.surefoot.testkit.simulation.schedule.GroupShape.Protocol;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;

/** What an application in a group of this shape has to expect. */
record GroupProtocolTerms(GroupShape shape) {
    boolean isClassic() {
        return shape.protocol() == Protocol.CLASSIC;
    }

    boolean byPattern() {
        return shape.byPattern();
    }

    /** Whether poll may throw this. */
    boolean mayThrow(Throwable failure) {
        return failure instanceof AuthorizationException
                || failure instanceof FencedInstanceIdException
                || failure instanceof UnreleasedInstanceIdException
                || failure instanceof UnknownTopicIdException;
    }

    /** Whether the consumer is of no use afterwards. */
    boolean isFinal(Throwable failure) {
        return failure instanceof FencedInstanceIdException
                || failure instanceof UnreleasedInstanceIdException
                || (failure instanceof AuthorizationException && !isClassic());
    }

    /** Checks that a commit, or a question about one, may fail like this. */
    void requireCommitFailure(Throwable failure) {
        boolean known = failure instanceof CommitFailedException
                || failure instanceof RetriableCommitFailedException
                || failure instanceof RebalanceInProgressException
                || failure instanceof TimeoutException
                || failure instanceof FencedInstanceIdException
                || failure instanceof AuthorizationException
                || failure instanceof OffsetMetadataTooLarge
                || failure instanceof UnknownTopicOrPartitionException;
        if (!known) {
            throw new Violation("X1", "a commit fails by " + failure, failure);
        }
    }
}
