package dev.surefoot.core.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of what each error means in the answer to each question, written down a second time. */
class BrokerQuestionTest {
    /**
     * One letter for each question, in their order: metadata, topic, all topics, leaders, offsets, position, records. A
     * is an answer, N no answer, S stale, P passing, L lasting.
     */
    private static final String TABLE = """
            NONE                           A A A A A A A
            UNKNOWN_SERVER_ERROR           P L N P P P P
            OFFSET_OUT_OF_RANGE            L L N L L L L
            CORRUPT_MESSAGE                P P N P P L L
            UNKNOWN_TOPIC_OR_PARTITION     S N N S S S S
            LEADER_NOT_AVAILABLE           S S N S S S S
            NOT_LEADER_OR_FOLLOWER         S S N S S S S
            REQUEST_TIMED_OUT              P P N P P P P
            BROKER_NOT_AVAILABLE           S S N S S S S
            REPLICA_NOT_AVAILABLE          S S N S S S S
            INVALID_TOPIC_EXCEPTION        L L N L L L L
            TOPIC_AUTHORIZATION_FAILED     L L N L L L L
            CLUSTER_AUTHORIZATION_FAILED   L L N L L L L
            UNSUPPORTED_VERSION            L L N L L L L
            INVALID_REQUEST                L L N L L L L
            UNSUPPORTED_FOR_MESSAGE_FORMAT L L N L N L L
            KAFKA_STORAGE_ERROR            S S N S S S S
            FETCH_SESSION_ID_NOT_FOUND     P P N P P L L
            INVALID_FETCH_SESSION_EPOCH    P P N P P L L
            LISTENER_NOT_FOUND             S S N S S S S
            FENCED_LEADER_EPOCH            S S N S S S S
            UNKNOWN_LEADER_EPOCH           S S N S S S S
            OFFSET_NOT_AVAILABLE           S S N S S S S
            THROTTLING_QUOTA_EXCEEDED      P P N P P P P
            UNKNOWN_TOPIC_ID               S N N S S S S
            INCONSISTENT_TOPIC_ID          S S N S S S S
            FETCH_SESSION_TOPIC_ID_ERROR   P P N P P L L
            REBOOTSTRAP_REQUIRED           P P N P P L L
            OFFSET_METADATA_TOO_LARGE      P L N P P P P
            COORDINATOR_LOAD_IN_PROGRESS   P L N P P P P
            COORDINATOR_NOT_AVAILABLE      P L N P P P P
            NOT_COORDINATOR                P L N P P P P
            ILLEGAL_GENERATION             P L N P P P P
            INCONSISTENT_GROUP_PROTOCOL    P L N P P P P
            INVALID_GROUP_ID               P L N P P P P
            UNKNOWN_MEMBER_ID              P L N P P P P
            INVALID_SESSION_TIMEOUT        P L N P P P P
            REBALANCE_IN_PROGRESS          P L N P P P P
            INVALID_COMMIT_OFFSET_SIZE     P L N P P P P
            GROUP_AUTHORIZATION_FAILED     P L N P P P P
            GROUP_ID_NOT_FOUND             P L N P P P P
            MEMBER_ID_REQUIRED             P L N P P P P
            GROUP_MAX_SIZE_REACHED         P L N P P P P
            FENCED_INSTANCE_ID             P L N P P P P
            UNSTABLE_OFFSET_COMMIT         P L N P P P P
            FENCED_MEMBER_EPOCH            P L N P P P P
            UNRELEASED_INSTANCE_ID         P L N P P P P
            UNSUPPORTED_ASSIGNOR           P L N P P P P
            STALE_MEMBER_EPOCH             P L N P P P P
            INVALID_REGULAR_EXPRESSION     P L N P P P P
            """;

    private static Map<BrokerError, String> rows() {
        Map<BrokerError, String> rows = new EnumMap<>(BrokerError.class);
        TABLE.lines().forEach(line -> {
            String[] words = line.split("\\s+", 2);
            rows.put(BrokerError.valueOf(words[0]), words[1]);
        });
        return rows;
    }

    @ParameterizedTest
    @EnumSource
    void everyErrorHasItsMeaningInEveryAnswer(BrokerError error) {
        StringBuilder meanings = new StringBuilder();
        for (BrokerQuestion question : BrokerQuestion.values()) {
            meanings.append(meanings.isEmpty() ? "" : " ")
                    .append(question.meaningOf(error).name().charAt(0));
        }

        assertThat(meanings.toString()).isEqualTo(rows().get(error));
    }

    @Test
    void noTwoMeaningsBeginAlike() {
        assertThat(ErrorMeaning.values())
                .extracting(meaning -> meaning.name().charAt(0))
                .doesNotHaveDuplicates();
    }

    @Test
    void anUnknownCodeKeepsItsNumber() {
        BrokerError unknown = BrokerError.forCode((short) 44);

        assertThat(unknown).isEqualTo(BrokerError.UNKNOWN_SERVER_ERROR);
        assertThat(unknown.exception("Asking", (short) 44))
                .hasMessage("Asking: error code 44, which this version does not know");
        assertThat(BrokerError.OFFSET_NOT_AVAILABLE.exception("Asking", (short) 78))
                .hasMessage("Asking: OFFSET_NOT_AVAILABLE");
    }

    @Test
    void theGravestErrorOfSeveralTopicsNamesThemAll() {
        TopicErrors errors = new TopicErrors();
        errors.add("odd", BrokerError.UNKNOWN_SERVER_ERROR, (short) 44);
        assertThat(errors.exception()).hasMessageContaining("'odd'").hasMessageContaining("error code 44");
        errors.add("bad name!", BrokerError.INVALID_TOPIC_EXCEPTION, BrokerError.INVALID_TOPIC_EXCEPTION.code());
        assertThat(errors.exception())
                .isInstanceOfSatisfying(
                        InvalidTopicException.class,
                        cause -> assertThat(cause.invalidTopics()).containsExactly("bad name!"));
        short denied = BrokerError.TOPIC_AUTHORIZATION_FAILED.code();
        errors.add("secret", BrokerError.TOPIC_AUTHORIZATION_FAILED, denied);
        errors.add("hidden", BrokerError.TOPIC_AUTHORIZATION_FAILED, denied);
        assertThat(errors.exception())
                .isInstanceOfSatisfying(
                        TopicAuthorizationException.class,
                        cause -> assertThat(cause.unauthorizedTopics()).containsExactlyInAnyOrder("secret", "hidden"));
        assertThat(errors.of(Set.of("hidden")).exception())
                .isInstanceOfSatisfying(
                        TopicAuthorizationException.class,
                        cause -> assertThat(cause.unauthorizedTopics()).containsExactly("hidden"));
        assertThat(errors.of(Set.of("other")).isEmpty()).isTrue();
    }
}
