package dev.surefoot.wire;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchTarget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;

/** Draws plans and settings that a version can carry. */
final class RandomFetchPlan {
    private final SplittableRandom random;
    private final short version;
    private final List<Uuid> ids = new ArrayList<>();

    RandomFetchPlan(SplittableRandom random, short version) {
        this.random = random;
        this.version = version;
        for (int i = 0; i < 8; i++) {
            ids.add(new Uuid(random.nextLong(), random.nextLong()));
        }
    }

    FetchPlan plan() {
        boolean sessions = version >= 7;
        FetchPlan.Kind kind = sessions
                ? FetchPlan.Kind.values()[random.nextInt(4)]
                : random.nextBoolean() ? FetchPlan.Kind.FULL : FetchPlan.Kind.SESSIONLESS;
        return new FetchPlan(
                kind,
                sessions ? random.nextInt() : 0,
                sessions ? random.nextInt() : 0,
                version >= 13,
                partitions(),
                sessions ? forgotten() : List.of(),
                random.nextInt(4) == 0);
    }

    FetchSettings settings() {
        String[] racks = {"", "rack-a", "Straße 7", "機架", "\uD83D\uDE80".repeat(40), "r".repeat(126), "r".repeat(128)};
        return new FetchSettings(
                random.nextInt(), random.nextInt(), random.nextBoolean(), racks[random.nextInt(racks.length)]);
    }

    private Map<TopicIdPartition, FetchTarget> partitions() {
        Map<TopicIdPartition, FetchTarget> partitions = new LinkedHashMap<>();
        int runs = random.nextInt(6);
        for (int run = 0; run < runs; run++) {
            int topic = random.nextInt(ids.size());
            int count = random.nextInt(20) == 0 ? 200 : 1 + random.nextInt(4);
            for (int i = 0; i < count; i++) {
                partitions.put(partition(topic), target());
            }
        }
        return partitions;
    }

    private List<TopicIdPartition> forgotten() {
        List<TopicIdPartition> forgotten = new ArrayList<>();
        int count = random.nextInt(3) == 0 ? random.nextInt(12) : 0;
        for (int i = 0; i < count; i++) {
            forgotten.add(partition(random.nextInt(ids.size())));
        }
        return forgotten;
    }

    /** Two ids share each name, as after a topic was deleted and created anew. */
    private TopicIdPartition partition(int topic) {
        String name = version >= 13 ? "topic-" + topic / 2 : "topic-" + topic + "x".repeat(topic * 30);
        return new TopicIdPartition(ids.get(topic), random.nextInt(0, Integer.MAX_VALUE), name);
    }

    private FetchTarget target() {
        return new FetchTarget(
                random.nextLong(0, Long.MAX_VALUE), random.nextInt(), random.nextInt(), random.nextInt());
    }
}
