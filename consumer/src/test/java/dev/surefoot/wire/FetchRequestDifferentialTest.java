package dev.surefoot.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchTarget;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds our Fetch requests against Kafka's generated message, whose schema is the protocol's definition. */
class FetchRequestDifferentialTest {
    private static final int PLANS_PER_VERSION = 1_500;

    @ParameterizedTest
    @MethodSource("dev.surefoot.wire.FetchVersions#all")
    void kafkaReadsEveryFieldThatWeWrote(short version) {
        for (long seed = 0; seed < PLANS_PER_VERSION; seed++) {
            RandomFetchPlan random = new RandomFetchPlan(new SplittableRandom(seed), version);
            FetchPlan plan = random.plan();
            FetchSettings settings = random.settings();
            FetchRequestData expected = generated(plan, (int) seed, settings, version);

            ByteBuffer ours = encode(plan, (int) seed, settings, version);
            FetchRequestData read = new FetchRequestData(new ByteBufferAccessor(ours.duplicate()), version);

            assertThat(read).as("seed %d", seed).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.surefoot.wire.FetchVersions#all")
    void ourBytesAreThoseOfKafkaForTheSameGrouping(short version) {
        for (long seed = 0; seed < PLANS_PER_VERSION; seed++) {
            RandomFetchPlan random = new RandomFetchPlan(new SplittableRandom(seed), version);
            FetchPlan plan = random.plan();
            FetchSettings settings = random.settings();
            FetchRequestData data = generated(plan, (int) seed, settings, version);

            assertThat(encode(plan, (int) seed, settings, version))
                    .as("seed %d", seed)
                    .isEqualTo(MessageUtil.toByteBufferAccessor(data, version).buffer());
        }
    }

    /** Encodes into a buffer that has exactly the promised size. */
    private static ByteBuffer encode(FetchPlan plan, int maxBytes, FetchSettings settings, short version) {
        ByteBuffer out = ByteBuffer.allocate(FetchRequestCodec.size(plan, settings, version));
        FetchRequestCodec.write(plan, maxBytes, settings, version, out);
        assertThat(out.hasRemaining()).isFalse();
        return out.flip();
    }

    private static FetchRequestData generated(FetchPlan plan, int maxBytes, FetchSettings settings, short version) {
        FetchRequestData data = new FetchRequestData()
                .setMaxWaitMs(plan.immediate() ? 0 : settings.maxWaitMs())
                .setMinBytes(plan.immediate() ? 0 : settings.minBytes())
                .setMaxBytes(maxBytes)
                .setIsolationLevel((byte) (settings.readCommitted() ? 1 : 0))
                .setTopics(topics(plan, version))
                .setForgottenTopicsData(forgotten(plan, version));
        if (version >= 7) {
            data.setSessionId(plan.sessionId()).setSessionEpoch(plan.epoch());
        }
        if (version >= 11) {
            data.setRackId(settings.rackId());
        }
        return data;
    }

    private static List<FetchTopic> topics(FetchPlan plan, short version) {
        List<FetchTopic> topics = new ArrayList<>();
        Uuid last = null;
        for (Map.Entry<TopicIdPartition, FetchTarget> entry : plan.partitions().entrySet()) {
            Uuid id = entry.getKey().topicId();
            if (!id.equals(last)) {
                FetchTopic topic = new FetchTopic();
                topics.add(
                        version >= 13
                                ? topic.setTopicId(id)
                                : topic.setTopic(entry.getKey().topic()));
                last = id;
            }
            FetchTarget target = entry.getValue();
            FetchPartition partition = new FetchPartition()
                    .setPartition(entry.getKey().partition())
                    .setFetchOffset(target.fetchOffset())
                    .setPartitionMaxBytes(target.maxBytes());
            if (version >= 9) {
                partition.setCurrentLeaderEpoch(target.currentLeaderEpoch());
            }
            if (version >= 12) {
                partition.setLastFetchedEpoch(target.lastFetchedEpoch());
            }
            topics.get(topics.size() - 1).partitions().add(partition);
        }
        return topics;
    }

    private static List<ForgottenTopic> forgotten(FetchPlan plan, short version) {
        Map<Uuid, ForgottenTopic> byId = new LinkedHashMap<>();
        for (TopicIdPartition partition : plan.forgotten()) {
            ForgottenTopic topic = byId.computeIfAbsent(
                    partition.topicId(),
                    id -> version >= 13
                            ? new ForgottenTopic().setTopicId(id)
                            : new ForgottenTopic().setTopic(partition.topic()));
            topic.partitions().add(partition.partition());
        }
        return new ArrayList<>(byId.values());
    }
}
