package dev.surefoot.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchTarget;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.FetchRequest;
import org.junit.jupiter.api.Test;

class FetchRequestCodecTest {
    private static final FetchSettings SETTINGS = new FetchSettings(500, 1, false, "rack-a");
    private static final Uuid ORDERS = new Uuid(1, 1);
    private static final Uuid OLD_ORDERS = new Uuid(1, 2);
    private static final Uuid BILLS = new Uuid(2, 1);

    @Test
    void theVersionsAreThoseOfKafka() {
        assertThat(FetchRequestCodec.LOWEST_VERSION).isEqualTo(ApiKeys.FETCH.oldestVersion());
        assertThat(FetchRequestCodec.HIGHEST_VERSION).isEqualTo(ApiKeys.FETCH.latestVersion(true));
    }

    @Test
    void i4SerialisingTheSamePlanTwiceGivesTheSameBytes() {
        for (short version = FetchRequestCodec.LOWEST_VERSION;
                version <= FetchRequestCodec.HIGHEST_VERSION;
                version++) {
            FetchPlan plan = plan(version >= 7 ? Kind.INCREMENTAL : Kind.FULL, version >= 13, three(), List.of());

            byte[] first = encode(plan, version);
            byte[] second = encode(plan, version);

            assertThat(second).as("v%d", version).isEqualTo(first);
            assertThat(FetchRequestCodec.size(plan, SETTINGS, version)).isEqualTo(first.length);
        }
    }

    @Test
    void i13ForgetsOfTwoIdsOfOneNameStayApart() {
        List<TopicIdPartition> forgotten = List.of(
                partition(OLD_ORDERS, "orders", 0), partition(ORDERS, "orders", 1), partition(OLD_ORDERS, "orders", 2));

        FetchRequestData read = read(plan(Kind.INCREMENTAL, true, Map.of(), forgotten), (short) 17);

        assertThat(read.forgottenTopicsData())
                .extracting(ForgottenTopic::topicId, ForgottenTopic::partitions)
                .containsExactly(tuple(OLD_ORDERS, List.of(0, 2)), tuple(ORDERS, List.of(1)));
    }

    @Test
    void forgetsOfOneTopicShareAnEntryByName() {
        List<TopicIdPartition> forgotten =
                List.of(partition(ORDERS, "orders", 0), partition(BILLS, "bills", 4), partition(ORDERS, "orders", 1));

        FetchRequestData read = read(plan(Kind.INCREMENTAL, false, Map.of(), forgotten), (short) 12);

        assertThat(read.forgottenTopicsData())
                .extracting(ForgottenTopic::topic, ForgottenTopic::partitions)
                .containsExactly(tuple("orders", List.of(0, 1)), tuple("bills", List.of(4)));
    }

    @Test
    void aTopicIsListedAgainRatherThanChangingTheOrderOfPartitions() {
        Map<TopicIdPartition, FetchTarget> partitions = new LinkedHashMap<>();
        partitions.put(partition(ORDERS, "orders", 1), target(10));
        partitions.put(partition(ORDERS, "orders", 0), target(20));
        partitions.put(partition(BILLS, "bills", 0), target(30));
        partitions.put(partition(ORDERS, "orders", 2), target(40));

        FetchRequestData read = read(plan(Kind.FULL, true, partitions, List.of()), (short) 18);

        assertThat(read.topics()).extracting(FetchTopic::topicId).containsExactly(ORDERS, BILLS, ORDERS);
        assertThat(read.topics().stream().flatMap(topic -> topic.partitions().stream()))
                .extracting(partition -> partition.fetchOffset())
                .containsExactly(10L, 20L, 30L, 40L);
        assertThat(new FetchRequest(read, (short) 18).fetchData(Map.of(ORDERS, "orders", BILLS, "bills")))
                .as("what a broker makes of it")
                .containsOnlyKeys(partitions.keySet())
                .extracting(asked -> List.copyOf(asked.keySet()))
                .isEqualTo(List.copyOf(partitions.keySet()));
    }

    @Test
    void anImmediatePlanWaitsForNothing() {
        FetchPlan plan = new FetchPlan(Kind.INCREMENTAL, 7, 3, true, three(), List.of(), true);

        FetchRequestData read = read(plan, (short) 18);

        assertThat(read.maxWaitMs()).isZero();
        assertThat(read.minBytes()).isZero();
    }

    @Test
    void aConsumerIsNoReplica() {
        for (short version = FetchRequestCodec.LOWEST_VERSION;
                version <= FetchRequestCodec.HIGHEST_VERSION;
                version++) {
            FetchRequestData read = read(plan(Kind.FULL, version >= 13, three(), List.of()), version);

            assertThat(read.replicaId()).isEqualTo(-1);
            assertThat(read.replicaState()).isEqualTo(new FetchRequestData.ReplicaState());
        }
    }

    @Test
    void writingMovesThePositionAndTouchesNothingElse() {
        FetchPlan plan = plan(Kind.FULL, true, three(), List.of());
        int size = FetchRequestCodec.size(plan, SETTINGS, (short) 18);
        ByteBuffer out = ByteBuffer.allocateDirect(size + 6).position(3);

        FetchRequestCodec.write(plan, 1 << 20, SETTINGS, (short) 18, out);

        assertThat(out.position()).isEqualTo(3 + size);
        assertThat(out.limit()).isEqualTo(size + 6);
        byte[] written = new byte[size];
        out.get(3, written);
        assertThat(written).isEqualTo(encode(plan, (short) 18));
    }

    @Test
    void aPlanByIdNeedsAVersionThatNamesTopicsById() {
        assertRefused(plan(Kind.FULL, true, three(), List.of()), 12, "Fetch v12 names topics by name");
        assertRefused(plan(Kind.FULL, false, three(), List.of()), 13, "Fetch v13 names topics by id");
    }

    @Test
    void aVersionOutsideTheKnownOnesIsRefused() {
        assertRefused(plan(Kind.FULL, false, three(), List.of()), 3, "Fetch v3 is not among the versions 4 to 18");
        assertRefused(plan(Kind.FULL, true, three(), List.of()), 19, "Fetch v19 is not among the versions 4 to 18");
    }

    @Test
    void aVersionWithoutSessionsCarriesOnlyPlansThatStandAlone() {
        read(plan(Kind.FULL, false, three(), List.of()), (short) 6);
        read(plan(Kind.SESSIONLESS, false, three(), List.of()), (short) 6);

        assertRefused(plan(Kind.INCREMENTAL, false, three(), List.of()), 6, "knows no sessions");
        assertRefused(plan(Kind.CLOSE, false, Map.of(), List.of()), 6, "knows no sessions");
        assertRefused(
                plan(Kind.FULL, false, three(), List.of(partition(BILLS, "bills", 0))), 6, "1 forgotten partitions");
    }

    @Test
    void i13AZeroIdIsNeverSent() {
        TopicIdPartition nameless = partition(Uuid.ZERO_UUID, "orders", 3);

        assertRefused(plan(Kind.FULL, true, Map.of(nameless, target(0)), List.of()), 13, "orders-3");
        assertRefused(plan(Kind.INCREMENTAL, true, Map.of(), List.of(nameless)), 13, "orders-3");
    }

    @Test
    void aRackThatTheProtocolCannotCarryIsRefused() {
        FetchSettings settings = new FetchSettings(500, 1, false, "ä".repeat(16_384));

        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> FetchRequestCodec.size(plan(Kind.FULL, true, three(), List.of()), settings, (short) 18))
                .withMessageContaining("32768 bytes");
    }

    private static void assertRefused(FetchPlan plan, int version, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FetchRequestCodec.size(plan, SETTINGS, (short) version))
                .withMessageContaining(reason);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> FetchRequestCodec.write(plan, 1, SETTINGS, (short) version, ByteBuffer.allocate(1 << 12)))
                .withMessageContaining(reason);
    }

    private static FetchPlan plan(
            Kind kind, boolean byId, Map<TopicIdPartition, FetchTarget> partitions, List<TopicIdPartition> forgotten) {
        return new FetchPlan(kind, 7, 3, byId, partitions, forgotten, false);
    }

    private static Map<TopicIdPartition, FetchTarget> three() {
        Map<TopicIdPartition, FetchTarget> partitions = new LinkedHashMap<>();
        partitions.put(partition(ORDERS, "orders", 0), target(10));
        partitions.put(partition(ORDERS, "orders", 1), target(20));
        partitions.put(partition(BILLS, "bills", 0), target(30));
        return partitions;
    }

    private static TopicIdPartition partition(Uuid id, String topic, int partition) {
        return new TopicIdPartition(id, partition, topic);
    }

    private static FetchTarget target(long offset) {
        return new FetchTarget(offset, 5, 4, 1 << 20);
    }

    private static byte[] encode(FetchPlan plan, short version) {
        byte[] bytes = new byte[FetchRequestCodec.size(plan, SETTINGS, version)];
        FetchRequestCodec.write(plan, 1 << 20, SETTINGS, version, ByteBuffer.wrap(bytes));
        return bytes;
    }

    private static FetchRequestData read(FetchPlan plan, short version) {
        return new FetchRequestData(new ByteBufferAccessor(ByteBuffer.wrap(encode(plan, version))), version);
    }
}
