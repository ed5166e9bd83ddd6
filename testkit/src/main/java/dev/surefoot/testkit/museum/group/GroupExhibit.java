package dev.surefoot.testkit.museum.group;

import dev.surefoot.testkit.museum.KnownBad;
import dev.surefoot.testkit.museum.group.FlawedMembership.Flaw;
import dev.surefoot.testkit.simulation.group.MemberParts;
import dev.surefoot.testkit.simulation.group.SmallApplication;
import dev.surefoot.testkit.simulation.group.SmallGroupSettings;
import dev.surefoot.testkit.simulation.group.SmallGroupSettings.Kind;
import dev.surefoot.testkit.simulation.group.SmallGroupSettings.Start;
import dev.surefoot.testkit.simulation.group.SmallMember;
import java.util.List;
import java.util.function.Function;

/**
 * A known-bad part of a member of a group, which takes the place of the sound one in an otherwise equal member. Each is
 * wrong in one thing only.
 *
 * @param id GF and a number for a failure observed in production
 * @param title what is wrong with it
 * @param source where the bug was reported or repaired
 * @param invariant the invariant that it breaks first, such as {@code G6}
 * @param settings the small group whose members use it
 */
public record GroupExhibit(String id, String title, String source, String invariant, SmallGroupSettings settings)
        implements KnownBad {
    private static final String KAFKA = "https://github.com/apache/kafka/";
    private static final String LIBRDKAFKA = "https://github.com/confluentinc/librdkafka/";
    private static final String KAFKA_PYTHON = "https://github.com/dpkp/kafka-python/";
    private static final String FRANZ_GO = "https://github.com/twmb/franz-go/";
    private static final String PLATFORMATIC = "https://github.com/platformatic/kafka/";
    private static final String AIOKAFKA = "https://github.com/aio-libs/aiokafka/";

    private static final int RECORDS_MAX = 60;

    /** All exhibits, the partitions that are kept and never fetched again first. */
    public static final List<GroupExhibit> ALL = List.of(
            membership(
                    "GF5",
                    "partitions that are kept in a rebalance are never fetched again",
                    KAFKA_PYTHON + "issues/3131",
                    "G6",
                    Kind.CONSUMER,
                    KeptPartitionsHeld::new),
            application(
                    "GF1",
                    "what is committed is ahead of what was delivered",
                    KAFKA + "pull/18737",
                    "G10",
                    Kind.EAGER,
                    CommitsFetchPosition::new),
            application(
                    "GF2",
                    "records are returned that were collected before the partition was given up",
                    KAFKA + "pull/21897",
                    "G1",
                    Kind.CONSUMER,
                    CollectedBeforeRevocation::new),
            membership(
                    "GF4",
                    "partitions are claimed by a generation whose plan was missed",
                    KAFKA + "pull/12140",
                    "G32",
                    Kind.COOPERATIVE,
                    StaleClaim::new),
            application(
                    "GF6",
                    "partitions that are kept in a rebalance stay paused",
                    "https://github.com/spring-projects/spring-kafka/issues/4687",
                    "G6",
                    Kind.COOPERATIVE,
                    KeptPartitionsPaused::new),
            application(
                    "GF9",
                    "the stored offset of an earlier ownership is committed",
                    LIBRDKAFKA + "issues/3774",
                    "G11",
                    Kind.CONSUMER,
                    StoredOffsetKept::new),
            membership(
                    "GF11",
                    "a member goes on after a commit was refused as it is none any more",
                    FRANZ_GO + "commit/824e34d2",
                    "G13",
                    Kind.EAGER,
                    ZombieAfterCommit::new),
            application(
                    "GF14",
                    "work that ends after the partition was given up is committed",
                    "https://github.com/redpanda-data/connect/issues/4477",
                    "G9",
                    Kind.COOPERATIVE,
                    WorkFinishedLate::new),
            application(
                    "GF15",
                    "a commit that has failed is made again after newer ones",
                    "https://github.com/segmentio/kafka-go/issues/439",
                    "G11",
                    Kind.CONSUMER,
                    CommitSentAgain::new),
            application(
                    "GF16",
                    "what was read ahead is delivered after the partition was given up",
                    "https://github.com/thomhurst/Dekaf/issues/1265",
                    "G2",
                    Kind.CONSUMER,
                    ReadAheadKept::new),
            membership(
                    "GF17",
                    "a loss of partitions is told as an ordinary revocation",
                    LIBRDKAFKA + "issues/5604",
                    "G24",
                    Kind.CONSUMER,
                    LossTakenForRevocation::new),
            membership(
                    "GF21",
                    "heartbeats end when one of them fails",
                    PLATFORMATIC + "issues/376",
                    "G27",
                    Kind.EAGER,
                    HeartbeatsEndOnError::new),
            membership(
                    "GF24",
                    "the member id that a coordinator has given is not used",
                    "https://github.com/kafkaex/kafka_ex/issues/539",
                    "G29",
                    Kind.EAGER,
                    GivenIdIgnored::new),
            new GroupExhibit(
                    "GF26",
                    "a fenced static member joins anew",
                    AIOKAFKA + "issues/1188",
                    "G35",
                    SmallGroupSettings.of(Kind.EAGER, Start.ONE)
                            .withInstanceIds(true)
                            .with(MemberParts.membership(FlawedMembership.factory(FencedRejoins::new)))),
            membership(
                    "GF29",
                    "the loop does not wait while the coordinator is not known",
                    KAFKA + "pull/22018",
                    "G37",
                    Kind.CONSUMER,
                    NoDelayWithoutCoordinator::new),
            membership(
                    "GF32",
                    "a member leaves before its application has given anything up",
                    AIOKAFKA + "issues/625",
                    "G8",
                    Kind.EAGER,
                    LeavesBeforeRevocation::new),
            membership(
                    "GF33",
                    "every answer with metadata starts a rebalance",
                    "https://github.com/confluentinc/confluent-kafka-python/issues/559",
                    "G39",
                    Kind.EAGER,
                    RejoinsOnMetadata::new),
            membership(
                    "GF36",
                    "a coordinator that is loading when SyncGroup arrives is an error for the application",
                    "https://github.com/tulios/kafkajs/issues/1779",
                    "raised",
                    Kind.EAGER,
                    LoadingIsFatal::new));

    private static GroupExhibit membership(
            String id, String title, String source, String invariant, Kind kind, Flaw flaw) {
        return new GroupExhibit(
                id, title, source, invariant, group(kind, MemberParts.membership(FlawedMembership.factory(flaw))));
    }

    private static GroupExhibit application(
            String id,
            String title,
            String source,
            String invariant,
            Kind kind,
            Function<SmallMember, SmallApplication> flaw) {
        return new GroupExhibit(id, title, source, invariant, group(kind, MemberParts.application(flaw)));
    }

    private static SmallGroupSettings group(Kind kind, MemberParts parts) {
        return SmallGroupSettings.of(kind, Start.ONE)
                .withRecordsMax(RECORDS_MAX)
                .with(parts);
    }
}
