package dev.surefoot.core.session;

import static dev.surefoot.core.session.SessionAndBroker.at;
import static dev.surefoot.core.session.SessionAndBroker.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random histories of a session and a broker that suffers every fault short of lying, judged by the model broker.
 * Client and broker must agree after every orderly answer, and one undisturbed exchange must always bring the
 * broker to just what is wanted.
 */
class SessionAgainstModelBrokerTest {
    private static final int STEPS = 6_000;
    private static final String[] TOPICS = {"a", "b", "c"};

    private SessionAndBroker pair = new SessionAndBroker();
    private final Map<TopicPartition, FetchTarget> wanted = new HashMap<>();
    private final Set<String> withoutId = new HashSet<>();
    private SplittableRandom random;
    private int orderly;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89})
    void i11TheBrokerHoldsWhatTheClientBelieves(long seed) {
        history(seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {144, 233})
    void t11i11AndAlsoWhenItsEpochsComeToTheEndOfTheirRange(long seed) {
        pair = new SessionAndBroker(Integer.MAX_VALUE - 1);
        history(seed);
    }

    private void history(long seed) {
        random = new SplittableRandom(seed);
        for (int step = 0; step < STEPS; step++) {
            try {
                step();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ", step " + step, e);
            }
        }
        assertThat(orderly).as("orderly answers with seed %d", seed).isGreaterThan(STEPS / 10);
    }

    private void step() {
        pair.now += random.nextLong(SessionAndBroker.SECOND);
        switch (random.nextInt(24)) {
            case 0, 1, 2, 3, 4, 5 -> want();
            case 6, 7 -> unwant();
            case 8 -> pair.endOffsets.merge(partition(), 3L, Long::sum);
            case 9 -> pair.errors.put(partition(), BrokerError.NOT_LEADER_OR_FOLLOWER);
            case 10 -> pair.errors.clear();
            case 11 -> recreate();
            case 12 -> toggleId();
            case 13 -> drop();
            case 14 -> loseRequest();
            case 15 -> loseAnswer();
            case 16 -> faultAtTheBroker();
            case 17 -> pair.now += SessionAndBroker.AUDIT_NANOS;
            default -> exchange();
        }
    }

    private TopicPartition partition() {
        return tp(TOPICS[random.nextInt(TOPICS.length)], random.nextInt(4));
    }

    private void want() {
        TopicPartition partition = partition();
        FetchTarget target = at(random.nextInt(6));
        wanted.put(partition, target);
        pair.session.want(partition, idOf(partition.topic()), target);
    }

    private Uuid idOf(String topic) {
        return withoutId.contains(topic) ? Uuid.ZERO_UUID : pair.id(topic);
    }

    private void unwant() {
        TopicPartition partition = partition();
        wanted.remove(partition);
        pair.session.unwant(partition);
    }

    private void recreate() {
        String topic = TOPICS[random.nextInt(TOPICS.length)];
        pair.ids.put(topic, new Uuid(random.nextLong(), random.nextLong()));
        tellIds(topic);
    }

    private void toggleId() {
        String topic = TOPICS[random.nextInt(TOPICS.length)];
        if (!withoutId.remove(topic) && random.nextInt(3) == 0) {
            withoutId.add(topic);
        }
        tellIds(topic);
    }

    private void tellIds(String topic) {
        wanted.forEach((partition, target) -> {
            if (partition.topic().equals(topic)) {
                pair.session.want(partition, idOf(topic), target);
            }
        });
    }

    private boolean nothingToSay() {
        return !pair.session.wantsAny() && !pair.session.brokerHoldsAny();
    }

    private void drop() {
        if (!nothingToSay()) {
            checkPlan(pair.plan());
        }
    }

    private void loseRequest() {
        if (!nothingToSay()) {
            pair.session.failed(pair.send());
        }
    }

    private void loseAnswer() {
        if (!nothingToSay()) {
            FetchPlan plan = pair.send();
            pair.broker.serve(plan);
            pair.session.failed(plan);
        }
    }

    private void faultAtTheBroker() {
        switch (random.nextInt(4)) {
            case 0 -> pair.broker.evictAll();
            case 1 -> pair.broker.slots(0);
            case 2 -> pair.broker.throttleNext();
            default -> pair.broker.slots(1 + random.nextInt(2));
        }
    }

    /** One exchange during which the application may change its mind. */
    private void exchange() {
        if (nothingToSay()) {
            return;
        }
        FetchPlan plan = pair.plan();
        checkPlan(plan);
        pair.session.sent(plan);
        FetchAnswer answer = pair.broker.serve(plan);
        boolean disturbed = random.nextBoolean();
        if (disturbed) {
            want();
            unwant();
        }
        Verdict verdict = pair.answer(plan, answer);
        if (verdict instanceof Verdict.Refused refused) {
            assertThat(refused.error())
                    .as("the only error that a faultless client meets at a broker that evicts")
                    .isEqualTo(BrokerError.FETCH_SESSION_ID_NOT_FOUND);
            assertThat(pair.session.belief().told()).isEmpty();
            return;
        }
        assertThat(verdict).isInstanceOf(Verdict.Accepted.class);
        Verdict.Accepted accepted = (Verdict.Accepted) verdict;
        assertThat(accepted.doubts()).isEmpty();
        pair.assertInStep();
        orderly++;
        SessionBelief belief = pair.session.belief();
        if (!disturbed && plan.forgotten().isEmpty() && belief.state() == SessionBelief.State.LIVE) {
            assertThat(pair.broker.held(belief.sessionId())).isEqualTo(allWanted(belief.byTopicId()));
        }
    }

    private Map<TopicIdPartition, FetchTarget> allWanted(boolean byTopicId) {
        Map<TopicIdPartition, FetchTarget> all = new HashMap<>();
        wanted.forEach((partition, target) ->
                all.put(new TopicIdPartition(byTopicId ? idOf(partition.topic()) : Uuid.ZERO_UUID, partition), target));
        return all;
    }

    private void checkPlan(FetchPlan plan) {
        Set<TopicIdPartition> forgotten = new HashSet<>(plan.forgotten());
        assertThat(forgotten).as("I12: each forgotten once").hasSameSizeAs(plan.forgotten());
        assertThat(Collections.disjoint(forgotten, plan.partitions().keySet()))
                .as("I12: either told or forgotten, in %s", plan)
                .isTrue();
        Set<TopicIdPartition> named = new HashSet<>(plan.partitions().keySet());
        named.addAll(forgotten);
        assertThat(named)
                .as("I13, I14: all by id or all by name")
                .allMatch(key -> key.topicId().equals(Uuid.ZERO_UUID) != plan.byTopicId());
        if (plan.kind() == FetchPlan.Kind.INCREMENTAL) {
            assertThat(plan.epoch()).as("I7").isPositive();
            assertThat(plan.sessionId()).as("I7").isPositive();
            Map<TopicIdPartition, FetchTarget> told = pair.session.belief().told();
            assertThat(Collections.disjoint(plan.partitions().entrySet(), told.entrySet()))
                    .as("I12: nothing is told twice, in %s", plan)
                    .isTrue();
            assertThat(told.keySet().containsAll(forgotten))
                    .as("I13: only what the broker holds is forgotten, in %s", plan)
                    .isTrue();
        } else {
            assertThat(forgotten).as("I15").isEmpty();
            assertThat(plan.partitions()).as("I15").isEqualTo(allWanted(plan.byTopicId()));
            assertThat(plan.epoch()).isZero();
        }
        assertThat(pair.plan()).as("I1: planning leaves no trace").isEqualTo(plan);
    }
}
