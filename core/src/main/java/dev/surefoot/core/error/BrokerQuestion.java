package dev.surefoot.core.error;

/**
 * The questions that a client asks brokers: one constant for each place in an answer that has an error code. {@link
 * #meaningOf} is the only table that decides which error is retried and which is thrown.
 *
 * <p>ListOffsets and OffsetForLeaderEpoch have no error code for the whole answer. A broker that refuses the request
 * puts its error into every partition.
 */
public enum BrokerQuestion {
    /** Metadata as a whole: the error code at the top of the answer. */
    METADATA,
    /** One topic that the application has named. */
    TOPIC,
    /** One topic of a list of all topics. A topic with an error is left out, so that the others are still listed. */
    ALL_TOPICS,
    /** One topic whose leaders the engine needs. */
    LEADERS,
    /** ListOffsets for one partition, on behalf of the application. */
    OFFSETS,
    /** ListOffsets or OffsetForLeaderEpoch for one partition, to find or to validate its position. */
    POSITION,
    /** Fetch for one partition. {@code OFFSET_OUT_OF_RANGE} does not count as a failure: the position is reset. */
    RECORDS;

    /** What this error means in the answer to this question. */
    public ErrorMeaning meaningOf(BrokerError error) {
        if (this == ALL_TOPICS) {
            return error == BrokerError.NONE ? ErrorMeaning.ANSWER : ErrorMeaning.NO_ANSWER;
        }
        return meaningOfOne(error);
    }

    private ErrorMeaning meaningOfOne(BrokerError error) {
        return switch (error) {
            case NONE -> ErrorMeaning.ANSWER;
            case NOT_LEADER_OR_FOLLOWER,
                    FENCED_LEADER_EPOCH,
                    UNKNOWN_LEADER_EPOCH,
                    LEADER_NOT_AVAILABLE,
                    BROKER_NOT_AVAILABLE,
                    REPLICA_NOT_AVAILABLE,
                    KAFKA_STORAGE_ERROR,
                    OFFSET_NOT_AVAILABLE,
                    LISTENER_NOT_FOUND,
                    INCONSISTENT_TOPIC_ID -> ErrorMeaning.STALE;
            // A topic that does not exist may be created at any time, so only questions that describe topics end with
            // this error.
            case UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID ->
                this == TOPIC ? ErrorMeaning.NO_ANSWER : ErrorMeaning.STALE;
            case REQUEST_TIMED_OUT, THROTTLING_QUOTA_EXCEEDED -> ErrorMeaning.PASSING;
            // KafkaConsumer throws this error for a topic, and retries it for offsets and records.
            // Errors of groups have no place in these answers either.
            case UNKNOWN_SERVER_ERROR,
                    OFFSET_METADATA_TOO_LARGE,
                    COORDINATOR_LOAD_IN_PROGRESS,
                    COORDINATOR_NOT_AVAILABLE,
                    NOT_COORDINATOR,
                    ILLEGAL_GENERATION,
                    INCONSISTENT_GROUP_PROTOCOL,
                    INVALID_GROUP_ID,
                    UNKNOWN_MEMBER_ID,
                    INVALID_SESSION_TIMEOUT,
                    REBALANCE_IN_PROGRESS,
                    INVALID_COMMIT_OFFSET_SIZE,
                    GROUP_AUTHORIZATION_FAILED,
                    GROUP_ID_NOT_FOUND,
                    MEMBER_ID_REQUIRED,
                    GROUP_MAX_SIZE_REACHED,
                    FENCED_INSTANCE_ID,
                    UNSTABLE_OFFSET_COMMIT,
                    FENCED_MEMBER_EPOCH,
                    UNRELEASED_INSTANCE_ID,
                    UNSUPPORTED_ASSIGNOR,
                    STALE_MEMBER_EPOCH,
                    INVALID_REGULAR_EXPRESSION -> this == TOPIC ? ErrorMeaning.LASTING : ErrorMeaning.PASSING;
            case CORRUPT_MESSAGE,
                    FETCH_SESSION_ID_NOT_FOUND,
                    INVALID_FETCH_SESSION_EPOCH,
                    FETCH_SESSION_TOPIC_ID_ERROR,
                    REBOOTSTRAP_REQUIRED ->
                // The application gets the exception of such an error, although the partition is read on afterwards.
                this == RECORDS || this == POSITION ? ErrorMeaning.LASTING : ErrorMeaning.PASSING;
            // The log has a format without timestamps, so no record has the timestamp asked for or a later one.
            case UNSUPPORTED_FOR_MESSAGE_FORMAT -> this == OFFSETS ? ErrorMeaning.NO_ANSWER : ErrorMeaning.LASTING;
            case OFFSET_OUT_OF_RANGE,
                    INVALID_TOPIC_EXCEPTION,
                    TOPIC_AUTHORIZATION_FAILED,
                    CLUSTER_AUTHORIZATION_FAILED,
                    UNSUPPORTED_VERSION,
                    INVALID_REQUEST -> ErrorMeaning.LASTING;
        };
    }
}
