package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.PartitionReport;
import dev.surefoot.core.session.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * An exhibit and a sound session, which hear and are asked the same, until the first difference. From there on the
 * exhibit goes on alone, to show that it never fails with an exception.
 */
final class BesideTheSound {
    /** What the two can differ in. */
    enum Difference {
        SESSION_AND_EPOCH,
        TOLD,
        FORGOTTEN,
        ORDER,
        IMMEDIATE,
        PLAN_CHANGES,
        VERDICT,
        OUTSTANDING,
        NOT_BEFORE,
        BROKER_HOLDS_ANY,
        CLOSE
    }

    /** A request under way: as the exhibit and as the sound session planned it, and what it told when it was sent. */
    private record Request(FetchPlan flawed, FetchPlan sound, Map<?, ?> told) {}

    private final SplittableRandom dice;
    private final FickleBroker broker;
    private final OneSession flawed;
    private final FetchSession sound = OneSession.sound();
    private final Map<TopicPartition, FetchTarget> wanted = new LinkedHashMap<>();
    private final List<Request> underWay = new ArrayList<>();
    private @Nullable Difference first;

    BesideTheSound(Exhibit exhibit, long seed) {
        dice = new SplittableRandom(seed);
        broker = new FickleBroker(dice.split());
        flawed = new OneSession(exhibit);
    }

    @Nullable Difference first() {
        return first;
    }

    void steps(int steps) {
        for (int step = 0; step < steps; step++) {
            int chance = dice.nextInt(100);
            if (chance < 20) {
                change();
            } else if (chance < 60) {
                ask();
            } else if (chance < 95) {
                end();
            } else {
                flawed.now += chance == 95 ? OneSession.AUDIT_NANOS : OneSession.SECOND;
            }
            compare(Difference.OUTSTANDING, flawed.session.outstanding(), sound.outstanding());
            compare(Difference.NOT_BEFORE, flawed.session.retryAtNanos(), sound.retryAtNanos());
            compare(Difference.BROKER_HOLDS_ANY, flawed.session.brokerHoldsAny(), sound.brokerHoldsAny());
        }
        compare(Difference.CLOSE, flawed.session.close(), sound.close());
        while (!underWay.isEmpty()) {
            end();
        }
    }

    private void change() {
        String topic = dice.nextBoolean() ? "a" : "b";
        TopicPartition partition = new TopicPartition(topic, dice.nextInt(3));
        FetchTarget before = wanted.getOrDefault(partition, OneSession.at(0));
        switch (dice.nextInt(10)) {
            case 0, 1 -> unwant(partition);
            case 2 -> want(partition, OneSession.at(before.fetchOffset(), before.currentLeaderEpoch() + 1));
            case 3 -> createAgain(topic);
            default -> want(partition, OneSession.at(dice.nextInt(900), before.currentLeaderEpoch()));
        }
        if (dice.nextInt(20) == 0) {
            List.copyOf(wanted.keySet()).forEach(this::unwant);
        }
    }

    private void createAgain(String topic) {
        flawed.key(topic, 0);
        flawed.createAgain(topic);
        wanted.forEach((partition, target) -> {
            if (partition.topic().equals(topic)) {
                tell(partition, target);
            }
        });
    }

    private void want(TopicPartition partition, FetchTarget target) {
        wanted.put(partition, target);
        tell(partition, target);
    }

    private void tell(TopicPartition partition, FetchTarget target) {
        flawed.want(partition.topic(), partition.partition(), target);
        sound.want(
                partition, flawed.key(partition.topic(), partition.partition()).topicId(), target);
    }

    private void unwant(TopicPartition partition) {
        wanted.remove(partition);
        flawed.session.unwant(partition);
        sound.unwant(partition);
    }

    /** Plans as a consumer does, and does not always send what it has planned. */
    private void ask() {
        FetchSession session = flawed.session;
        boolean due = session.wantsAny() || session.brokerHoldsAny();
        if (session.outstanding() || !due || session.retryAtNanos() > flawed.now) {
            return;
        }
        FetchPlan plan = flawed.plan();
        FetchPlan twin = first == null ? sound.plan(true, true, flawed.now) : plan;
        Map<?, ?> told = new LinkedHashMap<>(plan.partitions());
        comparePlans(plan, told, twin);
        compare(Difference.PLAN_CHANGES, Map.copyOf(plan.partitions()), told);
        if (dice.nextInt(10) > 0) {
            session.sent(plan);
            if (first == null) {
                sound.sent(twin);
            }
            underWay.add(new Request(plan, twin, told));
        }
    }

    private void comparePlans(FetchPlan plan, Map<?, ?> told, FetchPlan twin) {
        compare(
                Difference.SESSION_AND_EPOCH,
                List.of(plan.kind(), plan.sessionId(), plan.epoch(), plan.byTopicId()),
                List.of(twin.kind(), twin.sessionId(), twin.epoch(), twin.byTopicId()));
        compare(Difference.FORGOTTEN, plan.forgotten(), twin.forgotten());
        compare(Difference.TOLD, told, twin.partitions());
        compare(
                Difference.ORDER,
                List.copyOf(told.keySet()),
                List.copyOf(twin.partitions().keySet()));
        compare(Difference.IMMEDIATE, plan.immediate(), twin.immediate());
    }

    private void end() {
        if (underWay.isEmpty()) {
            return;
        }
        Request request = underWay.remove(0);
        compare(Difference.PLAN_CHANGES, Map.copyOf(request.flawed().partitions()), request.told());
        boolean lost = dice.nextInt(12) == 0;
        boolean accepted = dice.nextBoolean();
        FetchAnswer answer = lost && !accepted ? null : broker.serve(request.flawed());
        if (lost || answer == null) {
            flawed.session.failed(request.flawed());
            if (first == null) {
                sound.failed(request.sound());
            }
            return;
        }
        Verdict verdict = flawed.answer(request.flawed(), answer);
        if (first == null) {
            compare(Difference.VERDICT, verdict, sound.answered(request.sound(), answer, flawed.now));
        }
        if (verdict instanceof Verdict.Accepted good) {
            good.reports().forEach(this::moveOn);
        }
    }

    private void moveOn(PartitionReport report) {
        FetchTarget target = wanted.get(report.partition());
        if (target != null && target.fetchOffset() == report.target().fetchOffset()) {
            want(report.partition(), OneSession.at(report.batches().nextOffset(), target.currentLeaderEpoch()));
        }
    }

    private void compare(Difference difference, @Nullable Object flawedSays, @Nullable Object soundSays) {
        if (first == null && !Objects.equals(flawedSays, soundSays)) {
            first = difference;
        }
    }
}
