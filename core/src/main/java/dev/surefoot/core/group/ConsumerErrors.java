package dev.surefoot.core.group;

import dev.surefoot.core.group.ConsumerExchange.Sent;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatResponse;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidRegularExpression;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** What the application is told when the coordinator refuses a heartbeat of the consumer protocol. */
final class ConsumerErrors {
    /** In KafkaConsumer's words, which programs look for to fall back. */
    private static final String TOO_OLD = "The cluster does not support the new CONSUMER group protocol. Set"
            + " group.protocol=classic on the consumer configs to revert to the CLASSIC protocol until the cluster is"
            + " upgraded.";

    private ConsumerErrors() {}

    static KafkaException refused(GroupSettings settings, Sent sent, ConsumerGroupHeartbeatResponse answer) {
        String of = "Heartbeat of member " + sent.request().memberId() + " in group '" + settings.groupId() + "'";
        String words = words(answer);
        return switch (answer.error()) {
            case GROUP_AUTHORIZATION_FAILED -> GroupErrors.unauthorized(settings.groupId());
            case UNSUPPORTED_VERSION -> new UnsupportedVersionException(TOO_OLD);
            case INVALID_REGULAR_EXPRESSION ->
                new InvalidRegularExpression("Invalid RE2J SubscriptionPattern '"
                        + sent.content().regex() + "' provided in the call to subscribe"
                        + (words.isEmpty() ? "" : " (" + words + ")"));
            case UNRELEASED_INSTANCE_ID, FENCED_INSTANCE_ID ->
                said(
                        answer,
                        of + ": another member uses group.instance.id='" + settings.instanceId()
                                + "', or used it and its session has not ended");
            case GROUP_ID_NOT_FOUND ->
                said(
                        answer,
                        of + ": there is a group of the classic protocol that cannot be converted; set"
                                + " group.protocol=classic or use another group.id");
            case UNSUPPORTED_ASSIGNOR -> said(answer, of + ": set group.remote.assignor to one that the cluster has");
            case INVALID_REQUEST ->
                said(answer, of + ": this is a bug in Surefoot, please report it with " + sent.request());
            default -> said(answer, of);
        };
    }

    /** The coordinator's words come first, as KafkaConsumer has them alone and programs look for them. */
    private static KafkaException said(ConsumerGroupHeartbeatResponse answer, String more) {
        String words = words(answer);
        return answer.error().exception(words.isEmpty() ? more : words + " (" + more + ")", answer.errorCode());
    }

    private static String words(ConsumerGroupHeartbeatResponse answer) {
        String message = answer.errorMessage();
        return message == null || message.isBlank() ? "" : message;
    }

    /** The broker lacks the API, or its version lacks the pattern that is subscribed to. */
    static KafkaException unsupported(Sent sent, KafkaException cause) {
        String regex = sent.content().regex();
        // A broker that has the API and no patterns is told of in the cause.
        return regex == null ? new UnsupportedVersionException(TOO_OLD, cause) : cause;
    }
}
