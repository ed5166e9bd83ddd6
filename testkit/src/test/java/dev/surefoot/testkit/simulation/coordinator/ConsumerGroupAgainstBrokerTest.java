package dev.surefoot.testkit.simulation.coordinator;

import static dev.surefoot.testkit.simulation.coordinator.ConsumerGroupScript.first;
import static dev.surefoot.testkit.simulation.coordinator.ConsumerGroupScript.nothing;
import static dev.surefoot.testkit.simulation.coordinator.ConsumerGroupScript.said;
import static dev.surefoot.testkit.simulation.coordinator.ConsumerGroupScript.without;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.SplittableRandom;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Scripts of heartbeats, told to a real broker and to the model, whose answers and books have to agree. */
@TestInstance(Lifecycle.PER_CLASS)
class ConsumerGroupAgainstBrokerTest {
    private static final ConsumerGroupSettings AT_ONCE = GroupTwins.SETTINGS.withTimes(600_000, 5_000, 0);
    /** The longest that a broker takes; longer than the script. */
    private static final int INTERVAL_MS = 15_000;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private WireCoordinator wire;
    private GroupTwins twins;
    private ConsumerGroupScript group;
    private String topic;

    @BeforeAll
    void start() {
        wire = new WireCoordinator(AT_ONCE);
    }

    @AfterAll
    void close() {
        wire.close();
    }

    @BeforeEach
    void begin(TestInfo info) {
        twins = new GroupTwins(wire, AT_ONCE);
        String name = info.getTestMethod().orElseThrow().getName();
        group = new ConsumerGroupScript(twins, name);
        topic = name + "-topic";
        twins.create(topic, 4);
    }

    // D5: what is wrong with a request by itself, or with who it comes from.

    @Test
    void d5RefusesRequestsThatNoGroupCouldServe() {
        group.send(group.joining("", topic)).expect(Errors.INVALID_REQUEST);
        group.send(group.joining("a", topic).setGroupId("")).expect(Errors.INVALID_REQUEST);
        group.send(group.joining("a", topic).setInstanceId("")).expect(Errors.INVALID_REQUEST);
        group.send(group.joining("a", topic).setRackId("")).expect(Errors.INVALID_REQUEST);
        group.send(group.joining("a", topic).setRebalanceTimeoutMs(-1)).expect(Errors.INVALID_REQUEST);
        group.send(group.joining("a", topic).setTopicPartitions(null)).expect(Errors.INVALID_REQUEST);
        group.send(group.joining("a").setSubscribedTopicNames(null)).expect(Errors.INVALID_REQUEST);
        group.send(group.joining("a", topic).setServerAssignor("none")).expect(Errors.UNSUPPORTED_ASSIGNOR);
        group.send(group.request("a", -2)).expect(Errors.INVALID_REQUEST);
        group.send(group.request("a", -3)).expect(Errors.INVALID_REQUEST);
        group.send(group.request("", -1)).expect(Errors.INVALID_REQUEST);
        group.send(group.request("", 5)).expect(Errors.INVALID_REQUEST);
        group.send(group.request("a", 5)).expect(Errors.GROUP_ID_NOT_FOUND);
        group.send(group.request("a", -1)).expect(Errors.GROUP_ID_NOT_FOUND);
        group.send(group.joining("a").setSubscribedTopicNames(null).setSubscribedTopicRegex("("))
                .expect(Errors.INVALID_REGULAR_EXPRESSION);
        group.send(group.request("a", 1)).expect(Errors.GROUP_ID_NOT_FOUND);
        int epoch = group.join("a", topic).expectPartitions(4).epoch();
        SortedSet<GroupPartition> someoneElses = nothing();
        someoneElses.add(new GroupPartition(twins.create(topic + "-other", 1), 0));
        group.send(group.joining("a", topic).setTopicPartitions(said(someoneElses)))
                .expect(Errors.INVALID_REQUEST);
        group.live("b", epoch).expect(Errors.UNKNOWN_MEMBER_ID);
        group.live("a", epoch + 1).expect(Errors.FENCED_MEMBER_EPOCH);
        group.live("a", epoch - 1).expect(Errors.FENCED_MEMBER_EPOCH);
        group.send(group.request("a", epoch).setInstanceId("i")).expect(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void d5AcceptsAVersionThatLeavesTheMemberIdToTheMember() {
        ConsumerGroupHeartbeatRequestData join = group.joining("chosen", topic);
        assertThat(twins.heartbeat(join, 0).memberId()).isEqualTo("chosen");
    }

    @Test
    void d5RefusesOneMemberTooMany() {
        for (int i = 0; i < AT_ONCE.sizeMax(); i++) {
            group.join("m" + i, topic).epoch();
        }
        group.join("late", topic).expect(Errors.GROUP_MAX_SIZE_REACHED);
        group.live("late", 3).expect(Errors.GROUP_MAX_SIZE_REACHED);
        group.join("m0", topic).epoch();
    }

    // D6 and D7: a second member joins, the first one gives up what it has to.

    @Test
    void d6TheSecondMemberGetsItsPartWhenTheFirstHasGivenItUp() {
        int first = group.join("a", topic).expectEpoch(2).expectPartitions(4).epoch();
        SortedSet<GroupPartition> all = HeartbeatText.partitions(
                twins.heartbeat(group.joining("a", topic)).assignment());
        int second = group.join("b", topic).expectPartitions(0).epoch();
        assertThat(second).isEqualTo(first + 1);
        SortedSet<GroupPartition> kept =
                group.live("a", first).expectEpoch(first).expectPartitions(2).assignment();
        group.live("b", second).expectEpoch(second).expectNothingSaid();
        group.own("a", first, kept).expectEpoch(second).expectNothingSaid();
        assertThat(group.live("b", second).expectEpoch(second).assignment()).isEqualTo(without(all, kept));
    }

    @Test
    void d7WhatAMemberOwnsDecidesWhetherItHasRevoked() {
        int first = group.join("a", topic).epoch();
        SortedSet<GroupPartition> all = group.join("a", topic).assignment();
        int second = group.join("b", topic).epoch();
        SortedSet<GroupPartition> kept = group.live("a", first).assignment();
        SortedSet<GroupPartition> revoked = without(all, kept);
        group.live("a", first).expectEpoch(first).expectNothingSaid();
        group.own("a", first, all).expectEpoch(first).expectNothingSaid();
        group.own("a", first, first(revoked, 1)).expectEpoch(first).expectNothingSaid();
        group.own("a", first, first(kept, 1)).expectEpoch(second).expectNothingSaid();
    }

    @Test
    void d6TheNextTargetWaitsForItsInterval() {
        wire.setAssignmentInterval("waits", INTERVAL_MS);
        GroupTwins slow = new GroupTwins(wire, AT_ONCE.withTimes(600_000, 5_000, INTERVAL_MS));
        slow.create("waits-topic", 4);
        ConsumerGroupScript waits = new ConsumerGroupScript(slow, "waits");
        waits.join("a", "waits-topic").expectEpoch(2).expectPartitions(4);
        // A group's first target is computed at once, the second one only when the interval has passed.
        waits.join("b", "waits-topic").expectEpoch(2).expectPartitions(0);
        waits.live("a", 2).expectEpoch(2).expectNothingSaid();
        waits.live("b", 2).expectEpoch(2).expectNothingSaid();
    }

    @Test
    void d6TheAssignorThatMostMembersNameComputesTheTarget() {
        group.send(group.joining("a", topic).setServerAssignor("range")).expectPartitions(4);
        group.send(group.joining("b", topic).setServerAssignor("range")).expectPartitions(0);
        group.send(group.joining("c", topic).setServerAssignor("swap")).expectPartitions(0);
        SortedSet<GroupPartition> kept = group.live("a", 2).expectPartitions(2).assignment();
        group.own("a", 2, kept).expectEpoch(4);
        group.live("b", 3).expectEpoch(4).expectPartitions(1);
        group.live("c", 4).expectEpoch(4).expectPartitions(1);
    }

    // D8: epochs.

    @Test
    void d8AMemberMayLagBehindByOneEpoch() {
        int first = group.join("a", topic).epoch();
        SortedSet<GroupPartition> all = group.join("a", topic).assignment();
        int second = group.join("b", topic).epoch();
        SortedSet<GroupPartition> kept = group.live("a", first).assignment();
        group.own("a", first, kept).expectEpoch(second);
        group.own("a", first, kept).expectEpoch(second).expectNothingSaid();
        group.own("a", first, first(kept, 1)).expectEpoch(second);
        group.send(group.joining("a", topic).setMemberEpoch(first).setTopicPartitions(said(kept)))
                .expectEpoch(second)
                .expectPartitions(2);
        group.own("a", first, all).expect(Errors.FENCED_MEMBER_EPOCH);
        group.live("a", first).expect(Errors.FENCED_MEMBER_EPOCH);
        group.live("a", second + 1).expect(Errors.FENCED_MEMBER_EPOCH);
        group.live("a", first - 1).expect(Errors.FENCED_MEMBER_EPOCH);
        group.join("a", topic).expectEpoch(second).expectPartitions(2);
        group.send(group.request("a", -1)).expectEpoch(-1).expectNothingSaid();
        group.live("a", second).expect(Errors.UNKNOWN_MEMBER_ID);
    }

    // D9: static members.

    @Test
    void d9AStaticMemberThatLeftToReturnGetsItsPlaceBack() {
        int epoch = joinStatic("a").expectPartitions(4).epoch();
        joinStatic("a").expect(Errors.UNRELEASED_INSTANCE_ID);
        joinStatic("b").expect(Errors.UNRELEASED_INSTANCE_ID);
        group.send(group.request("b", epoch).setInstanceId("i")).expect(Errors.FENCED_INSTANCE_ID);
        group.send(group.request("b", -2).setInstanceId("i")).expect(Errors.FENCED_INSTANCE_ID);
        group.send(group.request("b", -2).setInstanceId("j")).expect(Errors.UNKNOWN_MEMBER_ID);
        group.send(group.request("a", -2).setInstanceId("i")).expectEpoch(-2);
        group.send(group.request("a", epoch).setInstanceId("i")).expect(Errors.FENCED_MEMBER_EPOCH);
        group.join("c", topic).epoch();
        joinStatic("b").epoch();
        group.send(group.request("a", epoch).setInstanceId("i")).expect(Errors.FENCED_INSTANCE_ID);
        group.send(group.request("b", -2).setInstanceId("i")).expectEpoch(-2);
        joinStatic("b").epoch();
        group.send(group.request("b", -1).setInstanceId("i")).expectEpoch(-1);
        joinStatic("d").epoch();
    }

    private ConsumerGroupScript.Said joinStatic(String memberId) {
        return group.send(group.joining(memberId, topic).setInstanceId("i"));
    }

    // D10: commits and fetches of offsets.

    @Test
    void d10AnOlderEpochMayCommitWhatItWasGiven() {
        int first = group.join("a", topic).epoch();
        SortedSet<GroupPartition> all = group.join("a", topic).assignment();
        int second = group.join("b", topic).epoch();
        SortedSet<GroupPartition> kept = group.live("a", first).assignment();
        SortedSet<GroupPartition> revoked = without(all, kept);
        String id = "d10AnOlderEpochMayCommitWhatItWasGiven";
        for (int version = 9; version <= 10; version++) {
            assertThat(twins.commit(id, "a", first, revoked.first(), version)).isEqualTo(Errors.NONE);
            assertThat(twins.commit(id, "a", first - 1, revoked.first(), version))
                    .isEqualTo(Errors.STALE_MEMBER_EPOCH);
        }
        group.own("a", first, kept).expectEpoch(second);
        for (int version = 9; version <= 10; version++) {
            assertThat(twins.commit(id, "a", first, kept.first(), version)).isEqualTo(Errors.NONE);
            assertThat(twins.commit(id, "a", first, revoked.first(), version)).isEqualTo(Errors.STALE_MEMBER_EPOCH);
            assertThat(twins.commit(id, "a", second, revoked.first(), version)).isEqualTo(Errors.NONE);
            assertThat(twins.commit(id, "a", second + 1, kept.first(), version)).isEqualTo(Errors.STALE_MEMBER_EPOCH);
            assertThat(twins.commit(id, "c", second, kept.first(), version)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
            assertThat(twins.commit(id, "", -1, kept.first(), version)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        }
        assertThat(twins.commit(id, "a", second, kept.first(), 8)).isEqualTo(Errors.UNSUPPORTED_VERSION);
        assertThat(twins.fetchOffset(id, "a", second, kept.first())).isEqualTo(Errors.NONE);
        assertThat(twins.fetchOffset(id, "a", first, kept.first())).isEqualTo(Errors.STALE_MEMBER_EPOCH);
        assertThat(twins.fetchOffset(id, "c", second, kept.first())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(twins.fetchOffset(id, null, -1, kept.first())).isEqualTo(Errors.NONE);
    }

    // D11: topics.

    @Test
    void d11ANextHeartbeatSeesThatATopicChanged() {
        int epoch = group.join("a", topic).expectPartitions(4).epoch();
        twins.addPartitions(topic, 6);
        epoch = group.live("a", epoch)
                .expectEpoch(epoch + 1)
                .expectPartitions(6)
                .epoch();
        SortedSet<GroupPartition> all = group.join("a", topic).assignment();
        twins.delete(topic);
        group.live("a", epoch).expectEpoch(epoch).expectPartitions(0);
        epoch = group.own("a", epoch, nothing()).expectEpoch(epoch + 1).epoch();
        twins.create(topic, 2);
        SortedSet<GroupPartition> again = group.live("a", epoch)
                .expectEpoch(epoch + 1)
                .expectPartitions(2)
                .assignment();
        assertThat(all).doesNotContainAnyElementsOf(again);
    }

    // D12: regular expressions.

    @Test
    void d12ARegexIsResolvedBesideTheHeartbeats() {
        String hidden = topic + "-hidden";
        twins.create(hidden, 3);
        wire.deny(hidden);
        twins.topics().setHidden(hidden, true);
        group.join("names", hidden).expect(Errors.TOPIC_AUTHORIZATION_FAILED);
        ConsumerGroupHeartbeatRequestData join =
                group.joining("a").setSubscribedTopicNames(List.of()).setSubscribedTopicRegex(topic + ".*");
        int epoch = group.send(join).expectPartitions(0).epoch();
        String id = "d12ARegexIsResolvedBesideTheHeartbeats";
        Await.until(
                "the expression is resolved", PATIENCE, () -> wire.describe(id).groupEpoch() > epoch);
        twins.advance(AT_ONCE.regexDelayMs());
        group.live("a", epoch).expectEpoch(epoch + 1).expectPartitions(4);
        group.send(group.request("a", epoch + 1).setSubscribedTopicRegex("("))
                .expect(Errors.INVALID_REGULAR_EXPRESSION);
        group.send(group.request("a", epoch + 1).setSubscribedTopicRegex("")).expectPartitions(0);
    }

    // D13: another life of the coordinator.

    @Test
    void d13ARestartKeepsEpochsAndAssignments() {
        int first = group.join("a", topic).epoch();
        SortedSet<GroupPartition> all = group.join("a", topic).assignment();
        int second = group.join("b", topic).epoch();
        SortedSet<GroupPartition> kept = group.live("a", first).assignment();
        twins.reload();
        group.own("a", first, all).expectEpoch(first).expectNothingSaid();
        group.live("b", second).expectEpoch(second).expectNothingSaid();
        group.own("a", first, kept).expectEpoch(second);
        group.live("b", second).expectEpoch(second).expectPartitions(2);
        group.own("a", first, kept).expectEpoch(second);
    }

    // Random.

    @Test
    @Tag("longer")
    void randomSchedulesEndAlike() {
        Long only = Long.getLong("twins.seed");
        SplittableRandom seeds = new SplittableRandom(Long.getLong("twins.first", 1));
        for (int i = 0; i < (only == null ? Integer.getInteger("twins.schedules", 10) : 1); i++) {
            long seed = only == null ? seeds.nextLong() : only;
            try {
                GroupSchedule.atOnce(seed, wire, AT_ONCE).run(150);
            } catch (AssertionError e) {
                throw new AssertionError("with -Dtwins.seed=" + seed + ", " + e.getMessage(), e);
            }
        }
    }
}
