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
        return switch (answer.error()) {
            case GROUP_AUTHORIZATION_FAILED -> GroupErrors.unauthorized(settings.groupId());
            case UNSUPPORTED_VERSION -> new UnsupportedVersionException(TOO_OLD);
            case INVALID_REGULAR_EXPRESSION ->
                new InvalidRegularExpression("Invalid RE2J SubscriptionPattern '"
                        + sent.content().regex() + "' provided in the call to subscribe" + words(answer));
            case UNRELEASED_INSTANCE_ID, FENCED_INSTANCE_ID ->
                answer.error()
                        .exception(
                                of + ": another member uses group.instance.id='" + settings.instanceId()
                                        + "', or used it and its session has not ended" + words(answer),
                                answer.errorCode());
            case GROUP_ID_NOT_FOUND ->
                answer.error()
                        .exception(
                                of + ": there is a group of the classic protocol that cannot be converted; set"
                                        + " group.protocol=classic or use another group.id" + words(answer),
                                answer.errorCode());
            case INVALID_REQUEST ->
                answer.error()
                        .exception(
                                of + ": this is a bug in Surefoot, please report it with " + sent.request()
                                        + words(answer),
                                answer.errorCode());
            default -> answer.error().exception(of + words(answer), answer.errorCode());
        };
    }

    private static String words(ConsumerGroupHeartbeatResponse answer) {
        String message = answer.errorMessage();
        return message == null || message.isBlank() ? "" : " (" + message + ")";
    }

    /** The broker lacks the API, or its version lacks the pattern that is subscribed to. */
    static KafkaException unsupported(Sent sent, KafkaException cause) {
        String regex = sent.content().regex();
        // A broker that has the API and no patterns is told of in the cause.
        return regex == null ? new UnsupportedVersionException(TOO_OLD, cause) : cause;
    }
}
