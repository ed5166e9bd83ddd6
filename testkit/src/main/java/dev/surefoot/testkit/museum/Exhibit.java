package dev.surefoot.testkit.museum;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.runtime.Seams;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A known-bad session handler, which takes the place of the sound one in an otherwise equal consumer. Each is wrong in
 * one thing only.
 *
 * @param id F and a number for a failure observed in production, A for a weakness of Apache Kafka's own client, X and
 *     the number of an invariant for a related mistake
 * @param title what is wrong with it
 * @param source where the bug was reported or repaired, or the code that the exhibit is about
 * @param invariant the invariant that it breaks first, such as {@code I1}; {@code docs/sessions.md} lists them
 * @param seams the seams of a consumer that uses it
 */
public record Exhibit(String id, String title, String source, String invariant, Seams seams) implements KnownBad {
    private static final String KAFKA = "https://github.com/apache/kafka/";
    private static final String KAFKA_CLIENT = KAFKA + "blob/1eb7644/clients/src/main/java/org/apache/kafka/clients/";
    private static final String KAFKA_PYTHON = "https://github.com/dpkp/kafka-python/";
    private static final String REDPANDA = "https://github.com/redpanda-data/redpanda/";
    private static final String FRANZ_GO = "https://github.com/twmb/franz-go/";
    private static final String PLATFORMATIC = "https://github.com/platformatic/kafka/";
    private static final String DEKAF = "https://github.com/thomhurst/Dekaf/";

    /**
     * F1: session state is changed when a request is built; the request is then dropped because a metadata refresh is
     * due, and the change is not undone. kafka-python 2.1.3 stopped for ever at one offset.
     */
    public static final Exhibit F1 = new Exhibit(
            "F1",
            "state changed at planning, plan then dropped",
            KAFKA_PYTHON + "issues/2575",
            "I1",
            new Seams(
                    MetadataFirstTransport::new,
                    verified -> nodeId -> new StateChangedAtPlanning(verified.open(nodeId))));

    /** All exhibits, {@link #F1} first. */
    public static final List<Exhibit> ALL = List.of(
            F1,
            exhibit(
                    "F2",
                    "a refused session leaves its request outstanding for ever",
                    KAFKA_PYTHON + "pull/2607",
                    "I6",
                    OutstandingForEver::new),
            exhibit(
                    "F4",
                    "a second request with the epoch of the first, which is still outstanding",
                    KAFKA + "pull/6582",
                    "I5",
                    SameEpochTwice::new),
            exhibit(
                    "F5",
                    "partitions that were not asked for are accepted",
                    KAFKA + "pull/6427",
                    "I18",
                    UnrequestedAccepted::new),
            exhibit(
                    "F6",
                    "the granted session id is ignored, so each request opens another session",
                    "https://github.com/IBM/sarama/pull/1644",
                    "I8",
                    SessionIdIgnored::new),
            exhibit(
                    "F7",
                    "partitions that are not wanted any more are never forgotten",
                    PLATFORMATIC + "pull/321",
                    "I12",
                    NeverForgets::new),
            exhibit(
                    "F8",
                    "the epoch does not advance after an answer with a partition's error",
                    PLATFORMATIC + "tree/f84b496",
                    "I8",
                    sound -> new EpochNotAdvanced(
                            sound,
                            answer -> answer.partitions().stream().anyMatch(said -> said.error() != BrokerError.NONE))),
            exhibit(
                    "F9",
                    "a refused epoch is repeated as if nothing had been said",
                    REDPANDA + "pull/27749",
                    "I9",
                    RefusedEpochRepeated::new),
            exhibit(
                    "F10",
                    "silence about a partition is believed for ever",
                    REDPANDA + "pull/31300",
                    "I24",
                    SilenceBelieved::new),
            exhibit(
                    "F13",
                    "a request that has nothing to tell does not wait for data",
                    REDPANDA + "issues/1115",
                    "I32",
                    NeverWaits::new),
            exhibit(
                    "F16",
                    "session id 0 is taken for the id of a session",
                    FRANZ_GO + "commit/85a680e",
                    "I16",
                    ZeroSessionAdopted::new),
            exhibit(
                    "F16b",
                    "one answer without a session id ends the use of sessions for ever",
                    FRANZ_GO + "blob/adb3a18/pkg/kgo/source.go",
                    "I16",
                    SessionsGivenUp::new),
            exhibit(
                    "F17",
                    "the epoch does not advance after a throttled answer",
                    KAFKA + "pull/5164",
                    "I8",
                    sound -> new EpochNotAdvanced(
                            sound,
                            answer -> answer.throttleTimeMs() > 0
                                    && answer.partitions().isEmpty())),
            exhibit("F18", "a new leader epoch alone is not told", KAFKA + "pull/7970", "I12", LeaderEpochUntold::new),
            exhibit(
                    "F19",
                    "partitions are forgotten with the zero topic id",
                    KAFKA + "pull/11104",
                    "I13",
                    ForgetWithoutTopicId::new),
            exhibit(
                    "F20",
                    "a topic that was created again stays in the session under its old id",
                    KAFKA + "pull/11331",
                    "I12",
                    TopicIdKept::new),
            exhibit(
                    "F22",
                    "a session that the broker does not know is named again",
                    "https://github.com/shotover/shotover-proxy/issues/1585",
                    "I9",
                    UnknownSessionNamed::new),
            exhibit(
                    "F23",
                    "partitions are forgotten while their records are buffered",
                    KAFKA + "pull/17700",
                    "I25",
                    BufferedForgotten::new),
            exhibit(
                    "F25",
                    "an answer to the old position is taken for one to the position sought meanwhile",
                    DEKAF + "issues/1722",
                    "I19",
                    AnswerToOldPosition::new),
            exhibit(
                    "F26",
                    "a request shares live state and changes after it was sent",
                    DEKAF + "pull/633",
                    "I4",
                    LivePlan::new),
            exhibit(
                    "F27",
                    "encoding a request uses up what it has to tell",
                    FRANZ_GO + "commit/0f0bca22",
                    "I4",
                    PlanReadOnce::new),
            exhibit(
                    "F28",
                    "data that does not lead past the fetch offset is accepted",
                    FRANZ_GO + "commit/6b11a2bb",
                    "I23",
                    NoProgressAccepted::new),
            exhibit(
                    "F30",
                    "a full answer is accepted although partitions are missing in it",
                    FRANZ_GO + "issues/1222",
                    "I15",
                    PartialAnswerAccepted::new),
            exhibit(
                    "F32",
                    "a broker that has nothing left to fetch from is not told to forget",
                    KAFKA + "pull/22766",
                    "I26",
                    OrphanedSession::new),
            exhibit(
                    "A5",
                    "another session's id is accepted in an answer",
                    KAFKA_CLIENT + "FetchSessionHandler.java",
                    "I8",
                    AnySessionAccepted::new),
            exhibit(
                    "A7",
                    "full requests do not keep the rotation order",
                    KAFKA_CLIENT + "consumer/internals/AbstractFetch.java",
                    "I28",
                    RotationLost::new),
            exhibit(
                    "A8",
                    "a session that is refused again and again is opened again at once",
                    KAFKA_CLIENT + "FetchSessionHandler.java",
                    "I29",
                    NeverPaced::new),
            exhibit(
                    "A9",
                    "closing ends a session that there never was",
                    KAFKA_CLIENT + "consumer/internals/AbstractFetch.java",
                    "I30",
                    UselessClose::new),
            exhibit(
                    "X7",
                    "the epoch after the largest is a negative one",
                    KAFKA + "pull/4418",
                    "I7",
                    EpochOverflow::new),
            exhibit(
                    "X10",
                    "a request whose outcome is unknown is repeated with its epoch",
                    PLATFORMATIC + "pull/321",
                    "I10",
                    UnknownOutcomeIgnored::new),
            exhibit(
                    "X27",
                    "a partition that is mentioned twice is reported twice",
                    KAFKA + "pull/4418",
                    "I27",
                    ReportedTwice::new));

    /**
     * Returns the exhibit with this id.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Exhibit byId(String id) {
        for (Exhibit exhibit : ALL) {
            if (exhibit.id().equals(id)) {
                return exhibit;
            }
        }
        throw new IllegalArgumentException("no exhibit is called " + id + "; there are "
                + ALL.stream().map(Exhibit::id).collect(Collectors.joining(", ")));
    }

    private static Exhibit exhibit(
            String id, String title, String source, String invariant, UnaryOperator<FetchSession> flaw) {
        Seams seams = new Seams(UnaryOperator.identity(), verified -> nodeId -> flaw.apply(verified.open(nodeId)));
        return new Exhibit(id, title, source, invariant, seams);
    }
}
