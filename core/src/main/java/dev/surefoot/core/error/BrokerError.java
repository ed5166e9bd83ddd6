package dev.surefoot.core.error;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.FencedMemberEpochException;
import org.apache.kafka.common.errors.FetchSessionIdNotFoundException;
import org.apache.kafka.common.errors.FetchSessionTopicIdException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupMaxSizeReachedException;
import org.apache.kafka.common.errors.IllegalGenerationException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InconsistentTopicIdException;
import org.apache.kafka.common.errors.InvalidCommitOffsetSizeException;
import org.apache.kafka.common.errors.InvalidFetchSessionEpochException;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.errors.InvalidRegularExpression;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.apache.kafka.common.errors.ListenerNotFoundException;
import org.apache.kafka.common.errors.MemberIdRequiredException;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.OffsetNotAvailableException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RebootstrapRequiredException;
import org.apache.kafka.common.errors.ReplicaNotAvailableException;
import org.apache.kafka.common.errors.StaleMemberEpochException;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownLeaderEpochException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.apache.kafka.common.errors.UnstableOffsetCommitException;
import org.apache.kafka.common.errors.UnsupportedAssignorException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/**
 * The error codes that a broker may answer a consumer with, and the public exception each one stands for. The numbers
 * are those of the Kafka protocol guide. A code that is not listed here becomes {@link #UNKNOWN_SERVER_ERROR}; answers
 * also carry the code itself, for messages.
 */
public enum BrokerError {
    NONE(0, null),
    UNKNOWN_SERVER_ERROR(-1, UnknownServerException::new),
    OFFSET_OUT_OF_RANGE(1, OffsetOutOfRangeException::new),
    CORRUPT_MESSAGE(2, CorruptRecordException::new),
    UNKNOWN_TOPIC_OR_PARTITION(3, UnknownTopicOrPartitionException::new),
    LEADER_NOT_AVAILABLE(5, LeaderNotAvailableException::new),
    NOT_LEADER_OR_FOLLOWER(6, NotLeaderOrFollowerException::new),
    REQUEST_TIMED_OUT(7, TimeoutException::new),
    BROKER_NOT_AVAILABLE(8, BrokerNotAvailableException::new),
    REPLICA_NOT_AVAILABLE(9, ReplicaNotAvailableException::new),
    OFFSET_METADATA_TOO_LARGE(12, OffsetMetadataTooLarge::new),
    COORDINATOR_LOAD_IN_PROGRESS(14, CoordinatorLoadInProgressException::new),
    COORDINATOR_NOT_AVAILABLE(15, CoordinatorNotAvailableException::new),
    NOT_COORDINATOR(16, NotCoordinatorException::new),
    INVALID_TOPIC_EXCEPTION(17, InvalidTopicException::new),
    ILLEGAL_GENERATION(22, IllegalGenerationException::new),
    INCONSISTENT_GROUP_PROTOCOL(23, InconsistentGroupProtocolException::new),
    INVALID_GROUP_ID(24, InvalidGroupIdException::new),
    UNKNOWN_MEMBER_ID(25, UnknownMemberIdException::new),
    INVALID_SESSION_TIMEOUT(26, InvalidSessionTimeoutException::new),
    REBALANCE_IN_PROGRESS(27, RebalanceInProgressException::new),
    INVALID_COMMIT_OFFSET_SIZE(28, InvalidCommitOffsetSizeException::new),
    TOPIC_AUTHORIZATION_FAILED(29, TopicAuthorizationException::new),
    GROUP_AUTHORIZATION_FAILED(30, GroupAuthorizationException::new),
    CLUSTER_AUTHORIZATION_FAILED(31, ClusterAuthorizationException::new),
    UNSUPPORTED_VERSION(35, UnsupportedVersionException::new),
    INVALID_REQUEST(42, InvalidRequestException::new),
    UNSUPPORTED_FOR_MESSAGE_FORMAT(43, UnsupportedForMessageFormatException::new),
    KAFKA_STORAGE_ERROR(56, KafkaStorageException::new),
    GROUP_ID_NOT_FOUND(69, GroupIdNotFoundException::new),
    FETCH_SESSION_ID_NOT_FOUND(70, FetchSessionIdNotFoundException::new),
    INVALID_FETCH_SESSION_EPOCH(71, InvalidFetchSessionEpochException::new),
    LISTENER_NOT_FOUND(72, ListenerNotFoundException::new),
    FENCED_LEADER_EPOCH(74, FencedLeaderEpochException::new),
    UNKNOWN_LEADER_EPOCH(75, UnknownLeaderEpochException::new),
    OFFSET_NOT_AVAILABLE(78, OffsetNotAvailableException::new),
    MEMBER_ID_REQUIRED(79, MemberIdRequiredException::new),
    GROUP_MAX_SIZE_REACHED(81, GroupMaxSizeReachedException::new),
    FENCED_INSTANCE_ID(82, FencedInstanceIdException::new),
    UNSTABLE_OFFSET_COMMIT(88, UnstableOffsetCommitException::new),
    THROTTLING_QUOTA_EXCEEDED(89, ThrottlingQuotaExceededException::new),
    UNKNOWN_TOPIC_ID(100, UnknownTopicIdException::new),
    INCONSISTENT_TOPIC_ID(103, InconsistentTopicIdException::new),
    FETCH_SESSION_TOPIC_ID_ERROR(106, FetchSessionTopicIdException::new),
    FENCED_MEMBER_EPOCH(110, FencedMemberEpochException::new),
    UNRELEASED_INSTANCE_ID(111, UnreleasedInstanceIdException::new),
    UNSUPPORTED_ASSIGNOR(112, UnsupportedAssignorException::new),
    STALE_MEMBER_EPOCH(113, StaleMemberEpochException::new),
    INVALID_REGULAR_EXPRESSION(128, InvalidRegularExpression::new),
    REBOOTSTRAP_REQUIRED(129, RebootstrapRequiredException::new);

    private static final Map<Short, BrokerError> BY_CODE = new HashMap<>();

    static {
        for (BrokerError error : values()) {
            BY_CODE.put(error.code, error);
        }
    }

    private final short code;

    @SuppressWarnings("ImmutableEnumChecker") // only constructor references, which hold no state
    private final Function<String, ? extends ApiException> exception;

    BrokerError(int code, @Nullable Function<String, ? extends ApiException> exception) {
        this.code = (short) code;
        this.exception = exception == null ? UnknownServerException::new : exception;
    }

    /** The error with this protocol code, or {@link #UNKNOWN_SERVER_ERROR} for a code this version does not know. */
    public static BrokerError forCode(short code) {
        BrokerError known = BY_CODE.get(code);
        return known == null ? UNKNOWN_SERVER_ERROR : known;
    }

    /** The error's code in the protocol. */
    public short code() {
        return code;
    }

    /**
     * The public exception for this error.
     *
     * @param context what was asked of which broker; it precedes the error's name in the message
     */
    public KafkaException exception(String context) {
        return exception(context, code);
    }

    /**
     * The same, but the message has the code if this version does not know it.
     *
     * @param given the code that the broker sent
     */
    public KafkaException exception(String context, short given) {
        return exception.apply(context + ": " + describe(given));
    }

    /** The error's name, or the code that the broker sent if this version does not know it. */
    public String describe(short given) {
        return given == code ? name() : "error code " + given + ", which this version does not know";
    }
}
