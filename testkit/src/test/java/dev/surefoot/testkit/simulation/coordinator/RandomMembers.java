package dev.surefoot.testkit.simulation.coordinator;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData.TopicPartitions;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;

/** Members that mostly do what the protocol asks of them, and now and then the opposite. */
final class RandomMembers {
    private static final List<String> REGEXES = List.of("a.*", "b.*|c.*", "z+", "(", "");
    private static final List<String> ASSIGNORS = List.of("uniform", "range", "swap");
    private static final int MEMBERS = 6;

    private final SplittableRandom random;
    private final List<String> topics;
    private final int[] timeoutsMs;
    private final boolean useRegexes;
    /** The only one that members ask for: of two that are asked for alike a broker takes either. */
    private final String assignor;

    private final List<Member> members = new ArrayList<>();
    private int idsEver;

    /**
     * @param topics what they may subscribe to, the usual first
     * @param timeoutsMs how long they may say that giving partitions up takes
     * @param useRegexes whether they subscribe to regular expressions, too
     */
    RandomMembers(SplittableRandom random, List<String> topics, int[] timeoutsMs, boolean useRegexes) {
        this.random = random;
        this.topics = topics;
        this.timeoutsMs = timeoutsMs;
        this.useRegexes = useRegexes;
        this.assignor = ASSIGNORS.get(random.nextInt(ASSIGNORS.size()));
        for (int i = 0; i < MEMBERS; i++) {
            members.add(new Member(i % 3 == 2 ? "instance-" + i : null));
        }
    }

    /** A client with the state that it believes in. */
    final class Member {
        private final String instanceId;
        private String id;
        private int epoch;
        private boolean hasLostAnswer;
        private SortedSet<GroupPartition> target = new TreeSet<>();
        private SortedSet<GroupPartition> owned = new TreeSet<>();

        Member(String instanceId) {
            this.instanceId = instanceId;
            this.id = "member-" + idsEver++;
        }

        String id() {
            return id;
        }

        int epoch() {
            return epoch;
        }

        SortedSet<GroupPartition> owned() {
            return owned;
        }

        void took(ConsumerGroupHeartbeatResponseData answer) {
            if (answer.errorCode() != 0) {
                if (chance(70)) {
                    epoch = 0;
                    owned = new TreeSet<>();
                    target = new TreeSet<>();
                }
                return;
            }
            hasLostAnswer = chance(12);
            if (hasLostAnswer) {
                return;
            }
            epoch = answer.memberEpoch();
            if (answer.assignment() != null) {
                target = HeartbeatText.partitions(answer.assignment());
            }
        }
    }

    Member any() {
        return members.get(random.nextInt(members.size()));
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /** The next heartbeat of this member. */
    ConsumerGroupHeartbeatRequestData next(String groupId, Member member) {
        ConsumerGroupHeartbeatRequestData request =
                new ConsumerGroupHeartbeatRequestData().setGroupId(groupId).setInstanceId(member.instanceId);
        if (member.epoch < 0 || member.epoch == 0 || chance(3)) {
            if (chance(member.instanceId == null ? 5 : 40)) {
                member.id = "member-" + idsEver++;
            }
            return join(request.setMemberId(member.id));
        }
        request.setMemberId(member.id).setMemberEpoch(member.epoch);
        if (chance(6)) {
            return leave(request, member);
        }
        subscribe(request, 8);
        own(request, member);
        if (chance(8)) {
            request.setRebalanceTimeoutMs(anyTimeoutMs());
        }
        if (member.hasLostAnswer ? chance(80) : chance(8)) {
            full(request, member);
        }
        if (chance(6)) {
            disturb(request);
        } else if (chance(6)) {
            lagBehind(request, member);
        }
        return request;
    }

    private int anyTimeoutMs() {
        return timeoutsMs[random.nextInt(timeoutsMs.length)];
    }

    private ConsumerGroupHeartbeatRequestData join(ConsumerGroupHeartbeatRequestData request) {
        request.setMemberEpoch(0).setRebalanceTimeoutMs(anyTimeoutMs()).setTopicPartitions(new ArrayList<>());
        subscribe(request, 40);
        if (request.subscribedTopicNames() == null && request.subscribedTopicRegex() == null) {
            request.setSubscribedTopicNames(new ArrayList<>(topics.subList(0, 2)));
        }
        return request;
    }

    private ConsumerGroupHeartbeatRequestData leave(ConsumerGroupHeartbeatRequestData request, Member member) {
        boolean returns = member.instanceId != null && chance(75);
        member.owned = new TreeSet<>();
        return request.setMemberEpoch(returns ? -2 : -1);
    }

    private void subscribe(ConsumerGroupHeartbeatRequestData request, int percent) {
        if (chance(percent)) {
            List<String> names = new ArrayList<>();
            topics.stream().filter(name -> chance(50)).forEach(names::add);
            request.setSubscribedTopicNames(names);
        }
        if (useRegexes && chance(percent / 3)) {
            request.setSubscribedTopicRegex(REGEXES.get(random.nextInt(REGEXES.size())));
        }
        if (chance(percent / 4)) {
            request.setServerAssignor(assignor);
        }
    }

    private void own(ConsumerGroupHeartbeatRequestData request, Member member) {
        if (chance(65)) {
            if (!member.owned.equals(member.target)) {
                member.owned = new TreeSet<>(member.target);
                request.setTopicPartitions(said(member.owned));
            }
        } else if (chance(25)) {
            SortedSet<GroupPartition> some = new TreeSet<>(member.owned);
            some.removeIf(partition -> chance(40));
            request.setTopicPartitions(said(some));
        }
    }

    private void full(ConsumerGroupHeartbeatRequestData request, Member member) {
        request.setRebalanceTimeoutMs(anyTimeoutMs()).setTopicPartitions(said(member.owned));
        if (request.subscribedTopicNames() == null) {
            request.setSubscribedTopicNames(new ArrayList<>(topics.subList(0, 2)));
        }
    }

    /** Says what a member says that has missed an answer, whether it has or not. */
    private void lagBehind(ConsumerGroupHeartbeatRequestData request, Member member) {
        SortedSet<GroupPartition> some = new TreeSet<>(member.owned);
        some.removeIf(partition -> chance(50));
        request.setMemberEpoch(Math.max(1, member.epoch - random.nextInt(1, 3))).setTopicPartitions(said(some));
    }

    private void disturb(ConsumerGroupHeartbeatRequestData request) {
        switch (random.nextInt(5)) {
            case 0 -> request.setMemberEpoch(request.memberEpoch() + 1);
            case 1 -> request.setMemberEpoch(Math.max(1, request.memberEpoch() - 1));
            case 2 -> request.setMemberId("member-" + random.nextInt(idsEver));
            case 3 -> request.setInstanceId("instance-" + random.nextInt(MEMBERS));
            default -> request.setInstanceId(null);
        }
    }

    private static List<TopicPartitions> said(SortedSet<GroupPartition> partitions) {
        List<TopicPartitions> topics = new ArrayList<>();
        for (GroupPartition partition : partitions) {
            TopicPartitions last = topics.isEmpty() ? null : topics.get(topics.size() - 1);
            if (last == null || !last.topicId().equals(partition.topicId())) {
                last = new TopicPartitions().setTopicId(partition.topicId()).setPartitions(new ArrayList<>());
                topics.add(last);
            }
            last.partitions().add(partition.partition());
        }
        return topics;
    }
}
