package dev.surefoot.testkit.simulation.coordinator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;

/** A random course of heartbeats, commits, changes of topics, and time, told to Kafka's coordinator and the model. */
final class GroupSchedule {
    private static final int REMEMBERED_NOTES = 40;
    private static final int[] INTERVALS_MS = {0, 1_000, 5_000};
    private static final int[] TIMEOUTS_MS = {3_000, 8_000, 60_000};
    private static final int[] ENDLESS_MS = {600_000};

    private final SplittableRandom random;
    private final GroupTwins twins;
    private final RandomMembers members;
    private final String groupId;
    private final List<String> topics;
    private final boolean isTimeVirtual;
    private final Deque<String> lately = new ArrayDeque<>();

    private GroupSchedule(
            SplittableRandom random, GroupTwins twins, String prefix, int[] timeoutsMs, boolean isTimeVirtual) {
        this.random = random;
        this.twins = twins;
        this.groupId = prefix + "group";
        this.isTimeVirtual = isTimeVirtual;
        this.topics = List.of(prefix + "apple", prefix + "banana", prefix + "cherry");
        List<String> subscribable = new ArrayList<>(topics);
        subscribable.add(prefix + "missing");
        this.members = new RandomMembers(random.split(), subscribable, timeoutsMs, isTimeVirtual);
        twins.create(topics.get(0), 3);
        twins.create(topics.get(1), 2);
    }

    /** A course under a virtual clock. */
    static GroupSchedule inVirtualTime(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int intervalMs = INTERVALS_MS[random.nextInt(INTERVALS_MS.length)];
        ConsumerGroupSettings settings = GroupTwins.SETTINGS.withTimes(20_000, 2_000, intervalMs);
        return new GroupSchedule(random, GroupTwins.inVirtualTime(settings), "", TIMEOUTS_MS, true);
    }

    /**
     * A course in which nothing depends on time: neither timers nor what is resolved beside the requests.
     *
     * @param settings the broker's, with no assignment interval
     */
    static GroupSchedule atOnce(long seed, CoordinatorSide kafka, ConsumerGroupSettings settings) {
        String prefix = "t" + Long.toHexString(seed) + "-";
        return new GroupSchedule(
                new SplittableRandom(seed), new GroupTwins(kafka, settings), prefix, ENDLESS_MS, false);
    }

    void run(int steps) {
        for (int step = 0; step < steps; step++) {
            try {
                step();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "step " + step + ": " + e.getMessage() + "\nbefore it:\n" + String.join("\n", lately), e);
            }
        }
    }

    private void step() {
        int draw = random.nextInt(1000);
        if (draw < 600 || !isTimeVirtual && draw >= 700 && draw < 970) {
            RandomMembers.Member member = members.any();
            ConsumerGroupHeartbeatRequestData request = members.next(groupId, member);
            note(HeartbeatText.of(request));
            var answer = twins.heartbeat(request);
            note("  => " + HeartbeatText.of(answer));
            member.took(answer);
        } else if (draw < 680) {
            commitOrFetch(members.any());
        } else if (draw < 950) {
            advance();
        } else if (draw < 985) {
            changeTopics();
        } else if (isTimeVirtual) {
            note("reload");
            twins.reload();
        }
    }

    /** With the epoch that the member believes in, one beside it, an older one, or none. */
    private void commitOrFetch(RandomMembers.Member member) {
        if (twins.group(groupId) == null || twins.topics().topics().isEmpty()) {
            return; // a commit would make a classic group
        }
        int near = Math.max(0, member.epoch() + random.nextInt(-2, 2));
        int any = random.nextInt(-1, Math.max(1, member.epoch() + 1));
        int epoch = random.nextInt(3) == 0 ? any : near;
        GroupPartition partition = anyPartition(member);
        int version = random.nextInt(8, 11);
        if (random.nextInt(3) == 0) {
            note("fetch offset of " + partition + " by " + member.id() + " at " + epoch + " => "
                    + twins.fetchOffset(groupId, member.id(), epoch, partition));
        } else {
            note("commit v" + version + " of " + partition + " by " + member.id() + " at " + epoch + " => "
                    + twins.commit(groupId, member.id(), epoch, partition, version));
        }
    }

    private GroupPartition anyPartition(RandomMembers.Member member) {
        List<GroupPartition> owned = member.owned().stream()
                .filter(partition -> twins.topics().topic(partition.topicId()) != null)
                .toList();
        if (!owned.isEmpty() && random.nextInt(4) > 0) {
            return owned.get(random.nextInt(owned.size()));
        }
        List<TopicCatalog.Topic> all = twins.topics().topics();
        TopicCatalog.Topic topic = all.get(random.nextInt(all.size()));
        return new GroupPartition(topic.id(), random.nextInt(topic.partitions()));
    }

    private void advance() {
        int most = random.nextInt(40) == 0 ? 25_000 : random.nextInt(5) == 0 ? 6_000 : 900;
        int ms = random.nextInt(1, most);
        note("+" + ms + " ms");
        twins.advance(ms);
    }

    private void changeTopics() {
        String name = topics.get(random.nextInt(topics.size()));
        TopicCatalog.Topic topic = twins.topics().topic(name);
        if (topic == null) {
            int partitions = random.nextInt(1, 5);
            note("create " + name + " of " + partitions);
            twins.create(name, partitions);
        } else if (random.nextInt(3) == 0) {
            note("delete " + name);
            twins.delete(name);
        } else if (topic.partitions() < 6) {
            note("add a partition to " + name);
            twins.addPartitions(name, topic.partitions() + 1);
        }
    }

    private void note(String what) {
        lately.addLast(twins.nowMs() + " " + what);
        if (lately.size() > REMEMBERED_NOTES) {
            lately.removeFirst();
        }
    }
}
