package dev.surefoot.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.helpers.NOPLogger;

@Timeout(60)
class DirectMemoryLedgerTest {
    private static final long MEBIBYTE = 1 << 20;
    private static final int PIECE = SocketPiece.BYTES;

    private final FakeDirectMemory memory = new FakeDirectMemory(64 * MEBIBYTE);
    private final DirectMemoryLedger ledger = memory.ledger();
    private final long bound = ledger.boundBytes();

    private static MemoryShare fetching(DirectMemoryLedger ledger, long wanted) {
        MemoryShare share = ledger.open(wanted);
        share.claim(0);
        return share;
    }

    @Test
    void theBoundIsHalfOfTheLimitButForALittleThatIsLeftToTheJdk() {
        assertThat(bound).isBetween(31 * MEBIBYTE, 64 * MEBIBYTE / 2 - 100_000);
        assertThat(new FakeDirectMemory(1L << 40).ledger().boundBytes()).isEqualTo((1L << 39) - MEBIBYTE);
    }

    @Test
    void oneConsumerGetsAllThatItWantsUpToHalfOfTheLimit() {
        assertThat(fetching(ledger, 20 * MEBIBYTE).capacityBytes()).isEqualTo(20 * MEBIBYTE);
        DirectMemoryLedger large = new FakeDirectMemory(1024 * MEBIBYTE).ledger();
        assertThat(fetching(large, 64 * MEBIBYTE).capacityBytes()).isEqualTo(64 * MEBIBYTE);
        DirectMemoryLedger other = memory.ledger();
        assertThat(fetching(other, 64 * MEBIBYTE).capacityBytes()).isEqualTo(bound - PIECE);
    }

    @Test
    void fiftyConsumersShareHalfOfTheLimitEqually() {
        List<MemoryShare> shares = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            shares.add(fetching(ledger, 64 * MEBIBYTE));
        }
        long each = (bound - 50 * PIECE) / 50;
        assertThat(shares).allSatisfy(share -> assertThat(share.capacityBytes()).isEqualTo(each));
    }

    @Test
    void whoComesLaterAsksForLittleUntilTheOthersHaveGivenBackWhatTheyHoldAndWaitFor() {
        MemoryShare first = fetching(ledger, 64 * MEBIBYTE);
        assertThat(first.claim(30 * MEBIBYTE)).isTrue();
        MemoryShare second = fetching(ledger, 64 * MEBIBYTE);
        assertThat(second.capacityBytes()).isEqualTo(bound - 30 * MEBIBYTE);
        assertThat(second.claim(bound - 30 * MEBIBYTE)).isTrue();
        MemoryShare third = fetching(ledger, 64 * MEBIBYTE);
        assertThat(third.capacityBytes()).isEqualTo(DirectMemoryLedger.LEAST_SHARE_BYTES);
        assertThat(third.claim(DirectMemoryLedger.LEAST_SHARE_BYTES)).isTrue();

        first.hold(5 * MEBIBYTE);
        assertThat(third.capacityBytes()).as("its third").isEqualTo((bound - 3 * PIECE) / 3);
        assertThat(first.capacityBytes()).isEqualTo((bound - 3 * PIECE) / 3);
    }

    @Test
    void aClaimIsRefusedWhereAnotherOneWasFasterAndOtherwiseAtomic() {
        MemoryShare one = ledger.open(64 * MEBIBYTE);
        MemoryShare other = ledger.open(64 * MEBIBYTE);
        long asOne = one.capacityBytes();
        long asOther = other.capacityBytes();
        assertThat(asOne).isEqualTo(bound - PIECE);
        assertThat(one.claim(asOne)).isTrue();
        assertThat(other.claim(asOther)).isFalse();
        assertThat(other.claim(other.capacityBytes())).isTrue();
        one.close();
        assertThat(other.claim(asOther)).isTrue();
    }

    @Test
    void garbageLeavesNoMoreToAskForThanTheHeapHasRoomForUntilItIsCollected() {
        DirectMemoryLedger smallHeap =
                new DirectMemoryLedger(memory, 64 * MEBIBYTE, memory.clock, NOPLogger.NOP_LOGGER);
        MemoryShare gone = fetching(smallHeap, 64 * MEBIBYTE);
        assertThat(gone.allocate((int) (30 * MEBIBYTE))).isNotNull();
        gone.close();
        MemoryShare share = fetching(smallHeap, 64 * MEBIBYTE);
        assertThat(share.capacityBytes()).isEqualTo(bound - 30 * MEBIBYTE + 8 * MEBIBYTE);
        assertThat(share.allocate((int) (5 * MEBIBYTE))).isNull();
        assertThat(memory.collections()).isEqualTo(1);

        memory.collected(30 * MEBIBYTE);
        assertThat(share.allocate((int) (5 * MEBIBYTE))).isNotNull();
        assertThat(share.capacityBytes()).isEqualTo(bound - PIECE);
    }

    @Test
    void whatIsHeldOnTheHeapCountsToo() {
        MemoryShare one = fetching(ledger, 64 * MEBIBYTE);
        one.hold(bound);
        MemoryShare other = fetching(ledger, 64 * MEBIBYTE);
        assertThat(other.capacityBytes()).isEqualTo(DirectMemoryLedger.LEAST_SHARE_BYTES);
    }

    @Test
    void whatOneDoesNotWantIsForTheOthers() {
        MemoryShare modest = fetching(ledger, MEBIBYTE);
        MemoryShare one = fetching(ledger, 64 * MEBIBYTE);
        MemoryShare other = fetching(ledger, 64 * MEBIBYTE);

        assertThat(modest.capacityBytes()).isEqualTo(MEBIBYTE);
        assertThat(one.capacityBytes()).isEqualTo((bound - MEBIBYTE - 3 * PIECE) / 2);
        assertThat(other.capacityBytes()).isEqualTo(one.capacityBytes());
    }

    @Test
    void aConsumerThatDoesNotFetchTakesNothingFromOthersAndWouldHaveAShare() {
        MemoryShare busy = fetching(ledger, 64 * MEBIBYTE);
        MemoryShare idle = ledger.open(64 * MEBIBYTE);

        assertThat(idle.capacityBytes()).isEqualTo(bound / 2 - PIECE);
        assertThat(busy.capacityBytes()).isEqualTo(bound - PIECE);
        assertThat(idle.fetching()).isFalse();
    }

    @Test
    void aConsumerThatClosesGivesItsShareBackAtOnceAndTheOthersHearOfIt() {
        MemoryShare one = fetching(ledger, 64 * MEBIBYTE);
        AtomicInteger told = new AtomicInteger();
        one.whenChanged(told::incrementAndGet);
        MemoryShare other = fetching(ledger, 64 * MEBIBYTE);
        assertThat(told).hasValue(1);
        assertThat(other.allocate((int) (30 * MEBIBYTE))).isNotNull();

        other.close();

        assertThat(told).hasValue(2);
        assertThat(ledger.takenBytes()).isZero();
        assertThat(one.capacityBytes()).isEqualTo(bound - PIECE);
        other.free(30 * MEBIBYTE); // a buffer that was in use until now
        other.close();
        assertThat(ledger.takenBytes()).isZero();
        assertThat(other.allocate(10_000)).isNull();
        other.claim(0);
        assertThat(one.capacityBytes()).isEqualTo(bound - PIECE);
    }

    @Test
    void aConsumerThatHasStoppedWithoutClosingLosesItsShareInTime() {
        MemoryShare leaked = fetching(ledger, 64 * MEBIBYTE);
        MemoryShare one = fetching(ledger, 64 * MEBIBYTE);
        assertThat(one.capacityBytes()).isEqualTo(bound / 2 - PIECE);
        for (int second = 0; second <= 10; second++) {
            memory.clock.advanceMs(1000);
            one.claim(0);
        }
        assertThat(one.capacityBytes()).isEqualTo(bound - PIECE);
        assertThat(leaked.fetching()).isFalse();
    }

    @Test
    void allTogetherNeverTakeMoreThanHalf() {
        MemoryShare one = fetching(ledger, 64 * MEBIBYTE);
        MemoryShare other = fetching(ledger, 64 * MEBIBYTE);
        assertThat(one.allocate((int) (20 * MEBIBYTE))).isNotNull();
        assertThat(other.allocate((int) (20 * MEBIBYTE))).isNull();
        assertThat(other.allocate((int) (bound - 20 * MEBIBYTE))).isNotNull();
        assertThat(other.allocate(4096)).isNull();
        one.free(20 * MEBIBYTE);
        memory.collected(20 * MEBIBYTE);
        assertThat(other.allocate((int) (20 * MEBIBYTE))).isNotNull();
        assertThat(memory.failures()).isZero();
        assertThat(memory.collections()).isZero();
    }

    @Test
    void whatIsGivenBackCountsUntilItIsCollectedWhichIsAskedForNowAndThen() {
        MemoryShare share = fetching(ledger, 64 * MEBIBYTE);
        assertThat(share.allocate((int) (20 * MEBIBYTE))).isNotNull();
        share.free(20 * MEBIBYTE);
        for (int i = 0; i < 100; i++) {
            assertThat(share.allocate((int) (20 * MEBIBYTE))).isNull();
        }
        assertThat(memory.collections()).isEqualTo(1);
        for (int second = 0; second < 60; second++) {
            memory.clock.advanceMs(1000);
            share.allocate((int) (20 * MEBIBYTE));
        }
        assertThat(memory.collections()).as("in a minute").isBetween(4, 7);

        memory.collected(20 * MEBIBYTE);
        assertThat(share.allocate((int) (20 * MEBIBYTE))).isNotNull();
        assertThat(memory.peakBytes()).isLessThan(ledger.boundBytes());
    }

    @Test
    void whatTheFiguresRuleOutIsTriedOnceInABackOffThatGrows() {
        MemoryShare share = fetching(ledger, 64 * MEBIBYTE);
        memory.use(memory.limitBytes - 100_000);

        for (int i = 0; i < 100; i++) {
            assertThat(share.allocate((int) MEBIBYTE)).isNull();
        }
        assertThat(memory.failures()).isEqualTo(1);
        List<Integer> failures = new ArrayList<>();
        for (int second = 1; second <= 120; second++) {
            memory.clock.advanceMs(1000);
            share.allocate((int) MEBIBYTE);
            failures.add(memory.failures());
        }
        assertThat(failures.subList(0, 15)).containsExactly(2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 5);
        assertThat(memory.failures()).as("in two minutes").isLessThan(10);
    }

    @Test
    void memoryThatIsBackIsSeenAtOnce() {
        MemoryShare share = fetching(ledger, 64 * MEBIBYTE);
        memory.use(memory.limitBytes - 100_000);
        assertThat(share.allocate((int) MEBIBYTE)).isNull();

        memory.use(0);

        assertThat(share.allocate((int) MEBIBYTE)).isNotNull();
        assertThat(share.capacityBytes()).isEqualTo(bound - PIECE);
    }

    @Test
    void whereTheFiguresAreUnknownAFailureIsRememberedAllTheSame() {
        MemoryShare share = fetching(ledger, 64 * MEBIBYTE);
        memory.figuresUnknown = true;
        memory.use(memory.limitBytes);
        for (int i = 0; i < 100; i++) {
            assertThat(share.allocate((int) MEBIBYTE)).isNull();
        }
        assertThat(memory.failures()).isEqualTo(1);

        memory.use(0);
        memory.clock.advanceMs(TimeUnit.NANOSECONDS.toMillis(DirectMemoryLedger.FIRST_BACKOFF_NANOS));
        assertThat(share.allocate((int) MEBIBYTE)).isNotNull();
        assertThat(share.allocate((int) MEBIBYTE)).isNotNull();
    }

    @Test
    void whereDirectMemoryIsShortASmallPartOfTheHeapTakesItsPlace() {
        memory.use(memory.limitBytes);
        DirectMemoryLedger smallHeap =
                new DirectMemoryLedger(memory, 64 * MEBIBYTE, memory.clock, NOPLogger.NOP_LOGGER);
        MemoryShare one = fetching(smallHeap, 64 * MEBIBYTE);
        assertThat(one.capacityBytes()).isEqualTo(8 * MEBIBYTE);
        MemoryShare other = fetching(smallHeap, 64 * MEBIBYTE);
        assertThat(one.capacityBytes() + other.capacityBytes()).isEqualTo(8 * MEBIBYTE);
    }

    @Test
    void aShareIsNeverSoSmallThatNothingCanBeFetched() {
        FakeDirectMemory tiny = new FakeDirectMemory(100_000);
        assertThat(fetching(tiny.ledger(), 64 * MEBIBYTE).capacityBytes())
                .isEqualTo(DirectMemoryLedger.LEAST_SHARE_BYTES);
        assertThat(fetching(tiny.ledger(), 50_000).capacityBytes()).isEqualTo(50_000);
    }

    @Test
    void whoeverFoundNoMemoryAtAllAsksForHalfAndForMoreAgainWithEachSecond() {
        MemoryShare share = fetching(ledger, 16 * MEBIBYTE);
        assertThat(share.capacityBytes()).isEqualTo(16 * MEBIBYTE);
        share.shrink("on purpose");
        assertThat(share.capacityBytes()).isEqualTo(8 * MEBIBYTE);
        share.shrink("on purpose");
        assertThat(share.capacityBytes()).isEqualTo(4 * MEBIBYTE);
        memory.clock.advanceMs(1000);
        assertThat(share.capacityBytes()).isEqualTo(8 * MEBIBYTE);
        memory.clock.advanceMs(1000);
        assertThat(share.capacityBytes()).isEqualTo(16 * MEBIBYTE);
        memory.clock.advanceMs(TimeUnit.DAYS.toMillis(20_000));
        assertThat(share.capacityBytes()).isEqualTo(16 * MEBIBYTE);
        for (int i = 0; i < 20; i++) {
            share.shrink("on purpose");
            assertThat(share.capacityBytes()).isGreaterThanOrEqualTo(DirectMemoryLedger.LEAST_SHARE_BYTES);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 50})
    void aShortageIsSaidOnceForAllConsumersWithWhatToDo(int consumers) {
        Warnings warnings = new Warnings();
        DirectMemoryLedger loud = memory.ledger(warnings.logger());
        memory.use(memory.limitBytes);
        for (int minute = 0; minute < 59; minute++) {
            for (int i = 0; i < consumers; i++) {
                MemoryShare share = fetching(loud, 64 * MEBIBYTE);
                share.allocate((int) MEBIBYTE);
                share.shrink("on purpose");
            }
            memory.clock.advanceMs(60_000);
        }
        assertThat(warnings.said)
                .singleElement()
                .asString()
                .contains("-XX:MaxDirectMemorySize")
                .contains("surefoot.buffer.bytes")
                .contains("number of consumers");
    }

    @Test
    void nothingIsSaidWhileMerelyManyShare() {
        Warnings warnings = new Warnings();
        DirectMemoryLedger loud = memory.ledger(warnings.logger());
        for (int i = 0; i < 100; i++) {
            MemoryShare share = fetching(loud, 64 * MEBIBYTE);
            share.allocate((int) MEBIBYTE);
        }
        assertThat(warnings.said).isEmpty();
        assertThat(memory.failures()).isZero();
    }

    /** Threads that take, free, fetch and close at random; the bound holds at each moment and nothing is lost. */
    @Test
    void manyThreadsNeverTakeMoreThanTheBoundAndAllComesBack() throws Exception {
        long seed = 17;
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Integer>> works = new ArrayList<>();
            SplittableRandom seeds = new SplittableRandom(seed);
            for (int i = 0; i < 4; i++) {
                SplittableRandom random = seeds.split();
                works.add(() -> takeAndFree(random));
            }
            for (Future<Integer> work : threads.invokeAll(works)) {
                assertThat(work.get())
                        .as("times beyond the bound, seed %s", seed)
                        .isZero();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(ledger.takenBytes()).isZero();
        assertThat(fetching(ledger, 64 * MEBIBYTE).capacityBytes()).isEqualTo(bound - PIECE);
    }

    private int takeAndFree(SplittableRandom random) {
        int beyond = 0;
        MemoryShare share = fetching(ledger, 64 * MEBIBYTE);
        ArrayDeque<ByteBuffer> held = new ArrayDeque<>();
        for (int i = 0; i < 20_000; i++) {
            ByteBuffer taken = random.nextBoolean() ? share.allocate(random.nextInt(1, 2_000_000)) : null;
            if (taken != null) {
                held.add(taken);
                // Not kept, so that the test takes little memory; what counts are the figures.
            } else if (!held.isEmpty()) {
                int bytes = held.remove().capacity();
                share.free(bytes);
                memory.collected(bytes);
            }
            beyond += ledger.takenBytes() > ledger.boundBytes() ? 1 : 0;
            if (random.nextInt(1000) == 0) {
                share.close();
                for (ByteBuffer gone : held) {
                    memory.collected(gone.capacity());
                }
                held.clear();
                share = fetching(ledger, 64 * MEBIBYTE);
            }
            share.capacityBytes();
        }
        share.close();
        return beyond;
    }
}
