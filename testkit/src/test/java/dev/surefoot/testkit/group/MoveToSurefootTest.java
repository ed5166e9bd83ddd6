package dev.surefoot.testkit.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.consumer.Client;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A group at work moves from KafkaConsumer to Surefoot one member at a time, and back, and loses nothing. */
@Timeout(180)
class MoveToSurefootTest {
    private static final int MEMBERS = 3;

    @ParameterizedTest
    @EnumSource(
            value = Rules.class,
            names = {"RANGE", "COOPERATIVE_STICKY", "CONSUMER"})
    void oneDynamicMemberAtATime(Rules rules) {
        try (MixedGroup group = new MixedGroup(MixedCluster.get())) {
            List<MixedMember> members = new ArrayList<>();
            for (int i = 0; i < MEMBERS; i++) {
                members.add(group.join("kafka-" + i, Client.KAFKA, rules));
            }
            group.awaitBalance();
            move(group, members, Client.SUREFOOT, rules);
            move(group, members, Client.KAFKA, rules);
        }
    }

    private static void move(MixedGroup group, List<MixedMember> members, Client to, Rules rules) {
        for (int i = 0; i < MEMBERS; i++) {
            group.leave(members.get(i));
            members.set(i, group.join(to + "-" + i, to, rules));
            group.awaitBalance();
            group.hasLostAndDoubledNothing();
        }
        group.staysAsItIs();
    }

    @Tag("soak")
    @ParameterizedTest
    @EnumSource(
            value = Rules.class,
            names = {"RANGE", "COOPERATIVE_STICKY", "CONSUMER"})
    void oneStaticMemberAtATime(Rules rules) {
        try (MixedGroup group = new MixedGroup(MixedCluster.get())) {
            List<MixedMember> members = new ArrayList<>();
            for (int i = 0; i < MEMBERS; i++) {
                members.add(group.join("kafka-" + i, Client.KAFKA, rules, "group.instance.id", "place-" + i));
            }
            group.awaitBalance();
            replace(group, members, Client.SUREFOOT, rules);
            replace(group, members, Client.KAFKA, rules);
        }
    }

    /** The place of a static member is kept for it: who takes it gets its partitions, and the others hear nothing. */
    private static void replace(MixedGroup group, List<MixedMember> members, Client to, Rules rules) {
        for (int i = 0; i < MEMBERS; i++) {
            MixedMember before = members.get(i);
            Set<TopicPartition> owned = before.assignment();
            group.leave(before);
            List<Integer> othersBefore = callbacks(group);
            MixedMember after = group.join(to + "-" + i, to, rules, "group.instance.id", "place-" + i);
            group.until("the same partitions", () -> after.assignment().equals(owned));
            group.awaitBalance();
            group.hasLostAndDoubledNothing();
            List<Integer> othersAfter = callbacks(group);
            assertThat(othersAfter.subList(0, MEMBERS - 1))
                    .as(group.ledger().text())
                    .isEqualTo(othersBefore);
            members.set(i, after);
        }
        group.staysAsItIs();
    }

    private static List<Integer> callbacks(MixedGroup group) {
        return group.members().stream().map(MixedMember::callbacks).toList();
    }
}
