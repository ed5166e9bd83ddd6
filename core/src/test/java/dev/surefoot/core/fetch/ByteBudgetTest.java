package dev.surefoot.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteBudgetTest {
    /** The bytes granted, or 0 if the budget is starved. */
    private static int granted(ByteBudget budget, long heldBytes, long capacityNow, int brokers) {
        FetchGrant grant = budget.grant(heldBytes, capacityNow, brokers);
        assertThat(grant.kind()).isEqualTo(grant.bytes() > 0 ? FetchGrant.Kind.GRANTED : FetchGrant.Kind.STARVED);
        return grant.bytes();
    }

    @Test
    void aFetchAsksForNoMoreThanMayBeHeldNow() {
        ByteBudget budget = new ByteBudget(64L * MEBIBYTE, 50 * MEBIBYTE);
        int usual = granted(budget, 0, Long.MAX_VALUE, 1);
        assertThat(usual).isEqualTo(granted(budget, 0, Long.MAX_VALUE, 1));
        assertThat(granted(budget, 0, 2L * MEBIBYTE, 1))
                .isEqualTo(granted(new ByteBudget(2L * MEBIBYTE, 50 * MEBIBYTE), 0, Long.MAX_VALUE, 1));
        assertThat(granted(budget, 2L * MEBIBYTE, 2L * MEBIBYTE, 1)).isZero();
        assertThat(granted(budget, 0, 0, 1)).isZero();
        assertThat(granted(budget, 0, 128L << 10, 3)).isPositive();
        assertThat(granted(budget, 0, 64L * MEBIBYTE, 1))
                .as("when others need no more")
                .isEqualTo(usual);
    }

    private static final int MEBIBYTE = 1 << 20;

    @Test
    void aLargeBudgetGrantsAFullFetch() {
        assertThat(granted(new ByteBudget(256L * MEBIBYTE, 50 * MEBIBYTE), 0, Long.MAX_VALUE, 1))
                .isEqualTo(50 * MEBIBYTE);
    }

    @Test
    void whileOneAnswerIsReadAnotherMayWaitAndAThirdBeUnderWay() {
        ByteBudget budget = new ByteBudget(60L * MEBIBYTE, 50 * MEBIBYTE);
        int share = granted(budget, 0, Long.MAX_VALUE, 1);
        long occupied = (long) (share * 1.25);

        assertThat(granted(budget, occupied, Long.MAX_VALUE, 1)).isEqualTo(share);
        assertThat(granted(budget, 2 * occupied, Long.MAX_VALUE, 1)).isEqualTo(share);
        assertThat(granted(budget, 3 * occupied, Long.MAX_VALUE, 1)).isZero();
    }

    @Test
    void aSmallBudgetIsNotCutUp() {
        assertThat(granted(new ByteBudget(4L * MEBIBYTE, 50 * MEBIBYTE), 0, Long.MAX_VALUE, 1))
                .isGreaterThan(3 * MEBIBYTE);
    }

    @Test
    void theOnlyBusyBrokerOfTwoIsAskedAgainWhileItsAnswerIsRead() {
        ByteBudget budget = new ByteBudget(60L * MEBIBYTE, 50 * MEBIBYTE);
        int share = granted(budget, 0, Long.MAX_VALUE, 2);
        budget.reserve(1, share);

        assertThat(granted(budget, (long) (share * 1.25), Long.MAX_VALUE, 2)).isEqualTo(share);
    }

    @Test
    void brokersShareTheBudget() {
        ByteBudget budget = new ByteBudget(150L * MEBIBYTE, 50 * MEBIBYTE);
        for (int broker = 0; broker < 4; broker++) {
            int granted = granted(budget, 50L * MEBIBYTE, Long.MAX_VALUE, 4);
            assertThat(granted).isEqualTo(20 * MEBIBYTE);
            budget.reserve(broker, granted);
        }

        assertThat(granted(budget, 50L * MEBIBYTE, Long.MAX_VALUE, 4)).isZero();
        budget.release(2);
        assertThat(granted(budget, 50L * MEBIBYTE, Long.MAX_VALUE, 4)).isEqualTo(20 * MEBIBYTE);
    }

    @Test
    void aBudgetSmallerThanAFetchStillGrants() {
        assertThat(granted(new ByteBudget(MEBIBYTE, 50 * MEBIBYTE), 0, Long.MAX_VALUE, 1))
                .isBetween(MEBIBYTE / 2, MEBIBYTE);
    }

    @Test
    void crumbsAreNotGranted() {
        ByteBudget budget = new ByteBudget(MEBIBYTE, 50 * MEBIBYTE);

        assertThat(granted(budget, MEBIBYTE - 1000, Long.MAX_VALUE, 1)).isZero();
        assertThat(granted(budget, MEBIBYTE / 2, Long.MAX_VALUE, 1)).isPositive();
    }

    @Test
    void moreHeldThanTheCapacityGrantsNothing() {
        assertThat(granted(new ByteBudget(MEBIBYTE, MEBIBYTE), 100L * MEBIBYTE, Long.MAX_VALUE, 3))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 7, 1000, MEBIBYTE})
    void somethingIsGrantedWheneverEverythingIsFree(long capacity) {
        for (int most : new int[] {0, 1, 3, Integer.MAX_VALUE}) {
            for (int brokers : new int[] {1, 2, 1000, 10_000_000}) {
                assertThat(granted(new ByteBudget(capacity, most), 0, Long.MAX_VALUE, brokers))
                        .as("of %d, at most %d, among %d", capacity, most, brokers)
                        .isPositive();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void inAnyOrderOfThingsTheCapacityIsKeptAndEveryBrokerGetsItsTurn(long seed) {
        Random random = new Random(seed);
        long capacity = MEBIBYTE + random.nextInt(100 * MEBIBYTE);
        int brokers = 1 + random.nextInt(9);
        int most = 1 + random.nextInt(60 * MEBIBYTE);
        ByteBudget budget = new ByteBudget(capacity, most);
        Map<Integer, Integer> granted = new HashMap<>();
        List<Long> held = new ArrayList<>();
        ArrayDeque<Integer> waiting = new ArrayDeque<>();
        Map<Integer, Integer> grants = new HashMap<>();
        for (int broker = 0; broker < brokers; broker++) {
            waiting.add(broker);
        }
        for (int step = 0; step < 20_000; step++) {
            long holding = held.stream().mapToLong(Long::longValue).sum();
            if (random.nextInt(3) == 0 && !waiting.isEmpty()) {
                int grant = granted(budget, holding, Long.MAX_VALUE, brokers);
                if (grant > 0) {
                    int broker = waiting.remove();
                    budget.reserve(broker, grant);
                    granted.put(broker, grant);
                    grants.merge(broker, 1, Integer::sum);
                }
            } else if (random.nextInt(2) == 0 && !granted.isEmpty()) {
                int broker = List.copyOf(granted.keySet()).get(random.nextInt(granted.size()));
                int answered = random.nextInt(granted.remove(broker) + 1);
                budget.release(broker);
                held.add((long) (answered * (1 + random.nextDouble() / 4)));
                waiting.add(broker);
            } else if (!held.isEmpty()) {
                held.remove(random.nextInt(held.size()));
            }
            long total = granted.values().stream().mapToLong(Integer::longValue).sum()
                    + held.stream().mapToLong(Long::longValue).sum();
            assertThat(total)
                    .as("seed %d, step %d: held and granted", seed, step)
                    .isLessThanOrEqualTo(capacity);
        }
        assertThat(grants.values())
                .as("seed %d: grants of each of %d brokers", seed, brokers)
                .hasSize(brokers)
                .allSatisfy(count -> assertThat(count).isGreaterThan(20));
    }
}
