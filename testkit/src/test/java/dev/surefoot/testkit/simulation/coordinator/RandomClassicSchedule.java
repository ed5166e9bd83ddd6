package dev.surefoot.testkit.simulation.coordinator;

import dev.surefoot.testkit.simulation.coordinator.CoordinatorTwins.Exchange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** A random course of requests of a few members of one classic group, most of them as a member would send them. */
final class RandomClassicSchedule {
    private static final String[][] OFFERS = {
        {"range"}, {"range"}, {"range", "roundrobin"}, {"roundrobin", "range"}, {"roundrobin"}, {"range", "sticky"}
    };
    private static final Uuid UNKNOWN_TOPIC = new Uuid(4711, 4711);

    /** A member as it knows itself. */
    private static final class Member {
        private final String name;
        private final @Nullable String instance;
        private final int joinVersion;
        private String[] offers = OFFERS[0];
        private String id = "";
        private int generation = -1;
        private String protocol = "range";
        private boolean leads;
        private List<String> others = List.of();
        private boolean synced;
        private @Nullable Exchange join;

        private Member(String name, @Nullable String instance, int joinVersion) {
            this.name = name;
            this.instance = instance;
            this.joinVersion = joinVersion;
        }
    }

    private final SplittableRandom random;
    private final CoordinatorTwins twins;
    private final String group;
    private final List<Member> members = new ArrayList<>();
    private final @Nullable ShardActs acts;
    private int spareConnections;
    private int joins;

    /** @param shard null if the real coordinator is behind a wire */
    RandomClassicSchedule(CoordinatorTwins twins, @Nullable ClassicShard shard, SplittableRandom random) {
        this.twins = twins;
        this.random = random;
        this.acts = shard == null ? null : new ShardActs(twins, shard, random.split());
        this.group = twins.groupId();
        int count = random.nextInt(1, 5);
        for (int i = 0; i < count; i++) {
            boolean isStatic = random.nextInt(3) == 0;
            int version = isStatic ? random.nextInt(5, 10) : random.nextInt(2, 10);
            String name = Character.toString((char) ('A' + i));
            members.add(new Member(name, isStatic ? "instance-" + name : null, version));
        }
    }

    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            members.forEach(this::adoptJoin);
            Member member = members.get(random.nextInt(members.size()));
            if (chance(6)) {
                member.offers = OFFERS[random.nextInt(OFFERS.length)];
            }
            if (acts != null && chance(12)) {
                acts.act();
            } else {
                step(member);
            }
        }
        twins.send(
                "last",
                "last",
                ClassicMessages.fetch(group, "a", Uuid.ZERO_UUID, List.of(0, 1, 2))
                        .setRequireStable(true),
                9);
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private void adoptJoin(Member member) {
        Exchange join = member.join;
        if (join == null || !join.isAnswered()) {
            return;
        }
        member.join = null;
        JoinGroupResponseData answer = (JoinGroupResponseData) join.answer();
        Errors error = Errors.forCode(answer.errorCode());
        if (error == Errors.MEMBER_ID_REQUIRED) {
            member.id = twins.names().ofModel(answer.memberId());
        } else if (error == Errors.NONE) {
            member.id = twins.names().ofModel(answer.memberId());
            member.generation = answer.generationId();
            member.synced = false;
            member.protocol = answer.protocolName();
            member.leads = answer.leader().equals(answer.memberId()) && !answer.skipAssignment();
            member.others = answer.members().stream()
                    .map(each -> twins.names().ofModel(each.memberId()))
                    .toList();
        } else if (error == Errors.UNKNOWN_MEMBER_ID || error == Errors.FENCED_INSTANCE_ID) {
            member.id = "";
            member.generation = -1;
        }
    }

    private void step(Member member) {
        int draw = random.nextInt(100);
        boolean idle = !twins.isBusy(member.name);
        if (idle && chance(50)) {
            goOn(member);
        } else if (idle && draw < 35) {
            join(member);
        } else if (idle && draw < 55) {
            sync(member);
        } else if (draw < 70) {
            heartbeat(member);
        } else if (draw < 77) {
            leave(member);
        } else if (draw < 92) {
            commit(member);
        } else {
            fetch();
        }
    }

    /** What a member would do next. */
    private void goOn(Member member) {
        if (member.generation < 0) {
            join(member);
        } else if (!member.synced) {
            sync(member);
        } else {
            heartbeat(member);
        }
    }

    /** The member's own connection, or another while that one waits for an answer. */
    private String connection(Member member) {
        return twins.isBusy(member.name) ? member.name + " spare " + spareConnections++ : member.name;
    }

    private String id(Member member) {
        int draw = random.nextInt(100);
        if (draw < 90) {
            return member.id;
        }
        return draw < 94 ? "nobody" : members.get(random.nextInt(members.size())).id;
    }

    private int generation(Member member) {
        int draw = random.nextInt(100);
        if (draw < 88) {
            return member.generation;
        }
        return draw < 94 ? member.generation - 1 : -1;
    }

    private @Nullable String instance(Member member, int version, int since) {
        if (version < since) {
            return null;
        }
        int draw = random.nextInt(100);
        if (draw < 93) {
            return member.instance;
        }
        return draw < 96 ? "instance-nobody" : members.get(random.nextInt(members.size())).instance;
    }

    private void join(Member member) {
        String id = chance(10) ? "" : id(member);
        JoinGroupRequestData join =
                ClassicMessages.join(group, id, instance(member, member.joinVersion, 5), member.offers);
        if (chance(2)) {
            join.setProtocolType("connect");
        }
        if (acts != null) {
            // Different for each join: of two timers that run out together, a broker takes the one whose member id,
            // which is random there, comes first. One member may have several ids at a time.
            int number = members.indexOf(member);
            joins++;
            join.setSessionTimeoutMs((chance(50) ? 6_000 : 45_000) + 137 * number + joins);
            join.setRebalanceTimeoutMs((chance(50) ? 5_000 : 60_000) + 211 * number + joins);
        } else if (chance(2)) {
            join.setSessionTimeoutMs(1);
        }
        member.join = twins.send(member.name, join, member.joinVersion);
    }

    private void sync(Member member) {
        Map<String, byte[]> assignment = new LinkedHashMap<>();
        if (member.leads) {
            for (String other : member.others) {
                if (!chance(5)) {
                    assignment.put(other, ClassicMessages.assignment("a", random.nextInt(3)));
                }
            }
        }
        int version = random.nextInt(1, 6);
        SyncGroupRequestData sync = ClassicMessages.sync(group, id(member), generation(member), assignment)
                .setProtocolName(chance(4) ? "sticky" : member.protocol)
                .setGroupInstanceId(instance(member, version, 3));
        if (acts == null && chance(4)) {
            sync.setProtocolName(null).setProtocolType(null);
        }
        if (version < 5) {
            sync.setProtocolName(null).setProtocolType(null);
        }
        member.synced = !heard(member, twins.send(member.name, sync, version));
    }

    private void heartbeat(Member member) {
        int version = random.nextInt(1, 5);
        HeartbeatRequestData heartbeat = ClassicMessages.heartbeat(group, id(member), generation(member))
                .setGroupInstanceId(instance(member, version, 3));
        heard(member, twins.send(connection(member), member.name, heartbeat, version));
    }

    /** @return whether the member was told to join again, or has reason to */
    private boolean heard(Member member, Exchange exchange) {
        if (!exchange.isAnswered()) {
            return false;
        }
        String error = AnswerText.errorOf(exchange.answer());
        if (error.equals("NONE")) {
            return false;
        }
        member.generation = -1;
        if (!error.equals("REBALANCE_IN_PROGRESS") && !error.equals("ILLEGAL_GENERATION")) {
            member.id = "";
        }
        return true;
    }

    private void leave(Member member) {
        int version = random.nextInt(acts == null ? 1 : 3, 6);
        LeaveGroupRequestData leave = new LeaveGroupRequestData().setGroupId(group);
        if (version < 3) {
            leave.setMemberId(id(member));
        } else {
            String id = member.instance != null && chance(50) ? "" : id(member);
            List<MemberIdentity> leaving = new ArrayList<>();
            leaving.add(new MemberIdentity().setMemberId(id).setGroupInstanceId(instance(member, version, 3)));
            if (chance(15)) {
                Member other = members.get(random.nextInt(members.size()));
                leaving.add(new MemberIdentity().setMemberId(other.id).setGroupInstanceId(other.instance));
            }
            leave.setMembers(leaving);
        }
        twins.send(connection(member), member.name, leave, version);
    }

    private void commit(Member member) {
        if (acts != null && chance(25)) {
            boolean named = chance(80);
            twins.send(
                    connection(member),
                    member.name,
                    acts.transactionalCommit(named ? id(member) : "", named ? generation(member) : -1),
                    random.nextInt(3, 6));
            return;
        }
        int version = random.nextInt(2, acts == null ? 11 : 10);
        String topic = acts != null || chance(90) ? "a" : "unknown";
        boolean anonymous = chance(12);
        OffsetCommitRequestData commit = ClassicMessages.commit(
                group,
                anonymous ? "" : id(member),
                anonymous ? -1 : generation(member),
                topic,
                random.nextInt(acts != null || chance(95) ? 3 : 9),
                random.nextInt(1000));
        if (!anonymous) {
            commit.setGroupInstanceId(instance(member, version, 7));
        }
        if (chance(10)) {
            commit.topics().get(0).partitions().get(0).setCommittedMetadata(chance(50) ? null : "x".repeat(5000));
        }
        if (version < 6) {
            commit.topics().get(0).partitions().get(0).setCommittedLeaderEpoch(-1);
        }
        TopicCatalog.Topic known = twins.real().topics().topic(topic);
        twins.send(
                connection(member),
                member.name,
                version < 10 ? commit : ClassicMessages.byId(commit, known == null ? UNKNOWN_TOPIC : known.id()),
                version);
    }

    private void fetch() {
        if (acts != null) {
            OffsetFetchRequestData stable = ClassicMessages.fetch(group, "a", Uuid.ZERO_UUID, List.of(0, 1, 2));
            twins.send("offsets", "offsets", stable.setRequireStable(true), random.nextInt(8, 10));
            return;
        }
        int version = random.nextInt(1, 11);
        List<Integer> partitions = List.of(random.nextInt(3), random.nextInt(3, 9));
        String topic = chance(90) ? "a" : "unknown";
        TopicCatalog.Topic known = twins.real().topics().topic(topic);
        Uuid id = version < 10 ? Uuid.ZERO_UUID : known == null ? UNKNOWN_TOPIC : known.id();
        OffsetFetchRequestData fetch;
        if (version < 8) {
            fetch = ClassicMessages.fetchOfOne(group, topic, partitions);
            if (version >= 2 && chance(30)) {
                fetch.setTopics(null);
            }
        } else {
            fetch = chance(30)
                    ? ClassicMessages.fetchAll(group)
                    : ClassicMessages.fetch(group, version < 10 ? topic : "", id, partitions);
        }
        twins.send("offsets", "offsets", fetch.setRequireStable(version >= 7 && chance(70)), version);
    }
}
