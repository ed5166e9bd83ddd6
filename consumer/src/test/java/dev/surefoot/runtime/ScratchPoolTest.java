package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.records.Scratch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ScratchPoolTest {
    private static final long SEED = 31;
    private static final int CAPACITY = 1 << 20;
    private static final int BATCH_MAX = CAPACITY / 4;

    private final ScratchPool pool = new ScratchPool(CAPACITY, () -> Long.MAX_VALUE, BATCH_MAX, scratch -> {});

    private Scratch begin() {
        Scratch scratch = pool.begin();
        assertThat(scratch).isNotNull();
        return scratch;
    }

    @Test
    void theLargestBatchHasRoomOrIsNotBegun() {
        for (int i = 0; i < 4; i++) {
            begin();
        }
        assertThat(pool.begin()).isNull();
        assertThat(pool.usedBytes()).isEqualTo(CAPACITY);
    }

    @Test
    void aBatchThatIsDoneCountsWithWhatItOccupies() {
        Scratch scratch = begin();
        assertThat(pool.usedBytes()).isEqualTo(BATCH_MAX);
        pool.end(scratch);
        assertThat(pool.usedBytes()).isEqualTo(scratch.capacity()).isLessThan(BATCH_MAX);
        pool.release(scratch);
        assertThat(pool.usedBytes()).isZero();
        assertThat(pool.freeBytes()).isEqualTo(scratch.capacity());
    }

    @Test
    void memoryIsUsedAgain() {
        Scratch scratch = begin();
        pool.end(scratch);
        pool.release(scratch);
        assertThat(begin()).isSameAs(scratch);
        assertThat(pool.freeBytes()).isZero();
    }

    @Test
    void whileOthersNeedMemoryNothingIsBegunBeyondTheSmallerBoundAndNothingFreeIsKept() {
        AtomicLong now = new AtomicLong(Long.MAX_VALUE);
        ScratchPool shared = new ScratchPool(CAPACITY, now::get, BATCH_MAX, scratch -> {});
        Scratch first = shared.begin();
        assertThat(first).isNotNull();
        shared.end(first);
        shared.release(first);
        now.set(BATCH_MAX - 1);
        assertThat(shared.begin()).isNull();
        assertThat(shared.usedBytes()).isZero();
        now.set(0);
        assertThat(shared.begin()).isNull();
        assertThat(shared.freeBytes()).isZero();
        now.set(Long.MAX_VALUE);
        assertThat(shared.begin()).isNotNull();
    }

    @Test
    void usedAndFreeMemoryStayWithinTheCapacity() {
        Random random = new Random(SEED);
        List<Scratch> running = new ArrayList<>();
        List<Scratch> ready = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            switch (random.nextInt(3)) {
                case 0 -> {
                    @Nullable Scratch scratch = pool.begin();
                    if (scratch != null) {
                        running.add(scratch);
                    }
                }
                case 1 -> {
                    if (!running.isEmpty()) {
                        Scratch scratch = running.remove(random.nextInt(running.size()));
                        pool.end(scratch);
                        ready.add(scratch);
                    }
                }
                default -> {
                    if (!ready.isEmpty()) {
                        pool.release(ready.remove(random.nextInt(ready.size())));
                    }
                }
            }
            assertThat(pool.usedBytes() + pool.freeBytes())
                    .as("seed %d, step %d", SEED, step)
                    .isLessThanOrEqualTo(CAPACITY);
        }
    }
}
