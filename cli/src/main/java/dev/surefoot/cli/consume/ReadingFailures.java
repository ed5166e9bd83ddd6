package dev.surefoot.cli.consume;

import dev.surefoot.cli.console.CommandFailure;
import dev.surefoot.cli.console.FailureLine;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupMaxSizeReachedException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.apache.kafka.common.errors.UnsupportedAssignorException;

/**
 * What the exceptions of a consumer mean for who runs the command, and what to do about them.
 *
 * @param cluster the brokers, as the user has given them
 * @param group the group that is joined, if there is one
 * @param timeoutSeconds how long the cluster may take to answer
 */
record ReadingFailures(String cluster, Optional<GroupToJoin> group, int timeoutSeconds) {

    /** Returns the command's failure; one that says nothing more than the exception if this is not a known one. */
    CommandFailure of(RuntimeException failure) {
        if (failure instanceof CommandFailure known) {
            return known;
        }
        return CommandFailure.atRunTime(advice(failure) + FailureLine.lineOf(failure), failure);
    }

    private String advice(RuntimeException failure) {
        if (failure instanceof TimeoutException) {
            return "no answer from " + cluster + " within " + timeoutSeconds
                    + " s; check the address, that the broker runs, and its security settings"
                    + " (--timeout waits longer, --debug shows the client's log): ";
        }
        if (failure instanceof AuthenticationException) {
            return cluster + " refuses this client; check the keys sasl.*, ssl.* and security.protocol: ";
        }
        return group.flatMap(joined -> adviceAboutGroup(failure, joined.id())).orElse("");
    }

    private static Optional<String> adviceAboutGroup(RuntimeException failure, String group) {
        if (!(failure instanceof KafkaException)) {
            return Optional.empty();
        }
        String name = "group " + group;
        if (failure instanceof GroupAuthorizationException) {
            return Optional.of("this client may not join " + name + "; it needs the right READ on it: ");
        }
        if (failure instanceof AuthorizationException) {
            return Optional.of("this client may not do this as a member of " + name + ": ");
        }
        if (failure instanceof InconsistentGroupProtocolException || failure instanceof GroupIdNotFoundException) {
            return Optional.of(name + " has members of another protocol or kind; set -X group.protocol=classic or"
                    + " -X group.protocol=consumer as they do, or choose another group: ");
        }
        if (failure instanceof FencedInstanceIdException || failure instanceof UnreleasedInstanceIdException) {
            return Optional.of("another member of " + name + " has this group.instance.id: ");
        }
        if (failure instanceof GroupMaxSizeReachedException) {
            return Optional.of(name + " takes no more members: ");
        }
        if (failure instanceof InvalidSessionTimeoutException) {
            return Optional.of("the broker of " + name + " does not allow this session.timeout.ms: ");
        }
        if (failure instanceof UnsupportedAssignorException) {
            return Optional.of("the broker of " + name + " has no such group.remote.assignor: ");
        }
        return Optional.empty();
    }
}
