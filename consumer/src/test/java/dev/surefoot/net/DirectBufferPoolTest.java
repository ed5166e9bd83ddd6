package dev.surefoot.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.core.records.Lease;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DirectBufferPoolTest {

    @Test
    void everySizeFitsWithAtMostAQuarterToSpare() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 100_000; i++) {
            int bytes = random.nextInt(BufferSizes.SMALLEST, 1 << random.nextInt(13, 31));
            int index = BufferSizes.index(bytes);
            int capacity = BufferSizes.capacity(index);
            assertThat(capacity).as("capacity for %s", bytes).isBetween(bytes, (int) Math.min(bytes * 1.25, 1 << 30));
            assertThat(BufferSizes.index(capacity))
                    .as("size of capacity %s", capacity)
                    .isEqualTo(index);
        }
    }

    @Test
    void aBufferGivenBackIsUsedAgain() {
        DirectBufferPool pool = new DirectBufferPool(FakeDirectMemory.share(1 << 20));
        ByteBuffer first = pool.tryAllocate(10_000);
        assertThat(first.isDirect()).isTrue();
        assertThat(first.remaining()).isEqualTo(10_000);
        first.putLong(0, 42);
        Lease lease = pool.lease(first);
        assertThat(lease.bytes()).isEqualTo(10_240);
        assertThat(pool.inUseBytes()).isEqualTo(10_240);
        lease.release();
        assertThat(pool.inUseBytes()).isZero();
        assertThat(pool.freeBytes()).isEqualTo(10_240);

        ByteBuffer again = pool.tryAllocate(10_100);
        assertThat(again.getLong(0)).isEqualTo(42);
        assertThat(again.position()).isZero();
        assertThat(again.limit()).isEqualTo(10_100);
        assertThat(pool.freeBytes()).isZero();
    }

    @Test
    void theLastHoldGivesTheBufferBackAndOneMoreReleaseIsRefused() {
        DirectBufferPool pool = new DirectBufferPool(FakeDirectMemory.share(1 << 20));
        Lease lease = pool.lease(pool.tryAllocate(5_000));
        lease.retain();
        lease.release();
        assertThat(pool.freeBytes()).isZero();
        lease.release();
        assertThat(pool.freeBytes()).isEqualTo(lease.bytes());

        assertThatThrownBy(lease::release).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(lease::retain).isInstanceOf(IllegalStateException.class);
        assertThat(pool.freeBytes()).isEqualTo(lease.bytes());
    }

    @Test
    void aChannelCannotGiveABufferBackTwice() {
        DirectBufferPool pool = new DirectBufferPool(FakeDirectMemory.share(1 << 20));
        ByteBuffer view = pool.tryAllocate(5_000);
        pool.release(view);
        assertThatThrownBy(() -> pool.release(view)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> pool.lease(view)).isInstanceOf(IllegalStateException.class);
        assertThat(pool.inUseBytes()).isZero();
    }

    @Test
    void smallBuffersComeFromTheHeapAndTheirLeasesCountAllTheSame() {
        DirectBufferPool pool = new DirectBufferPool(FakeDirectMemory.share(1 << 20));
        ByteBuffer small = pool.tryAllocate(100);
        assertThat(small.isDirect()).isFalse();
        Lease lease = pool.lease(small);
        assertThat(lease.bytes()).isEqualTo(100);
        lease.release();
        assertThatThrownBy(lease::release).isInstanceOf(IllegalStateException.class);
        assertThat(pool.freeBytes()).isZero();
    }

    @Test
    void whatLayLongestMakesRoomForWhatIsUsedNow() {
        DirectBufferPool pool = new DirectBufferPool(FakeDirectMemory.share(100_000));
        List<Lease> old = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            old.add(pool.lease(pool.tryAllocate(8192)));
        }
        Lease recent = pool.lease(pool.tryAllocate(16384));
        old.forEach(Lease::release);
        recent.release();
        assertThat(pool.freeBytes()).isEqualTo(3 * 8192 + 16384);

        Lease large = pool.lease(pool.tryAllocate(65536));
        assertThat(pool.freeBytes()).as("free and used together").isEqualTo(2 * 8192 + 16384);
        large.release();
        assertThat(pool.freeBytes()).isEqualTo(2 * 8192 + 16384 + 65536);
    }

    @Test
    void aBufferThatDoesNotFitBesideThoseInUseIsNotKept() {
        DirectBufferPool pool = new DirectBufferPool(FakeDirectMemory.share(20_000));
        Lease first = pool.lease(pool.tryAllocate(16384));
        Lease second = pool.lease(pool.tryAllocate(16384));
        first.release();
        assertThat(pool.freeBytes()).isZero();
        second.release();
        assertThat(pool.freeBytes()).isEqualTo(16384);
        assertThat(pool.inUseBytes()).isZero();
    }

    @Test
    void whereThereIsNoDirectMemoryBuffersComeFromTheHeapAndTheJdkIsNotAskedAgain() {
        FakeDirectMemory memory = new FakeDirectMemory(8 << 20);
        DirectBufferPool pool = new DirectBufferPool(memory.share());
        memory.use(memory.limitBytes - 100_000);
        for (int i = 0; i < 1000; i++) {
            ByteBuffer buffer = pool.tryAllocate(1_000_000);
            assertThat(buffer.isDirect()).isFalse();
            Lease lease = pool.lease(buffer);
            assertThat(pool.heldBytes()).isEqualTo(1_000_000);
            lease.release();
        }
        assertThat(memory.failures()).isEqualTo(1);

        memory.use(0);
        assertThat(pool.tryAllocate(1_000_000).isDirect()).isTrue();
    }

    @Test
    void aLargerFreeBufferIsUsedRatherThanAnotherOneMadeInItsPlace() {
        FakeDirectMemory memory = new FakeDirectMemory(8 << 20);
        DirectBufferPool pool = new DirectBufferPool(memory.share());
        pool.keep(4 << 20);
        pool.lease(pool.tryAllocate(3_000_000)).release();
        long used = memory.usedBytes();
        for (int i = 0; i < 100; i++) {
            Lease lease = pool.lease(pool.tryAllocate(1_600_000 + 14_000 * i));
            assertThat(lease.bytes()).isEqualTo((int) used);
            lease.release();
        }
        assertThat(memory.usedBytes()).isEqualTo(used);
        assertThat(pool.lease(pool.tryAllocate(100_000)).bytes())
                .as("where there is room for one that fits")
                .isLessThan(130_000);
    }

    @Test
    void whereMemoryIsNotShortNoBufferIsMoreThanAQuarterLargerThanWhatItIsFor() {
        DirectBufferPool pool = new DirectBufferPool(FakeDirectMemory.share(4 << 20));
        Lease held = pool.lease(pool.tryAllocate(2 << 20));
        pool.lease(pool.tryAllocate(2 << 20)).release();
        long before = pool.heldBytes();
        Lease small = pool.lease(pool.tryAllocate(1 << 20));
        assertThat(pool.heldBytes() - before).isEqualTo(1 << 20);
        small.release();
        held.release();
    }

    @Test
    void whatIsKeptFollowsTheBoundAndTheShareKnows() {
        FakeDirectMemory memory = new FakeDirectMemory(64 << 20);
        DirectMemoryLedger ledger = memory.ledger();
        DirectBufferPool pool = new DirectBufferPool(ledger.open(32 << 20));
        Lease one = pool.lease(pool.tryAllocate(1 << 20));
        Lease other = pool.lease(pool.tryAllocate(2 << 20));
        one.release();
        assertThat(ledger.takenBytes()).isEqualTo(3 << 20);

        pool.keep(2 << 20);
        assertThat(pool.freeBytes()).isZero();
        assertThat(ledger.takenBytes()).isEqualTo(2 << 20);
        pool.keep(1 << 20);
        other.release();
        assertThat(pool.freeBytes()).isZero();
        assertThat(ledger.takenBytes()).isZero();
    }

    @Test
    void aClosedPoolGivesAllBackThoughAnAnswerIsStillBeingRead() {
        FakeDirectMemory memory = new FakeDirectMemory(64 << 20);
        DirectMemoryLedger ledger = memory.ledger();
        DirectBufferPool pool = new DirectBufferPool(ledger.open(32 << 20));
        pool.lease(pool.tryAllocate(1 << 20)).release();
        Lease read = pool.lease(pool.tryAllocate(3 << 20));

        pool.close();

        assertThat(ledger.takenBytes()).isZero();
        assertThat(pool.freeBytes()).isZero();
        read.release();
        assertThat(ledger.takenBytes()).isZero();
        assertThat(pool.freeBytes()).isZero();
    }

    @Test
    void aBatchLargerThanAllThatMayBeTakenGoesToTheHeap() {
        FakeDirectMemory memory = new FakeDirectMemory(2 << 20);
        DirectBufferPool pool = new DirectBufferPool(memory.share());
        assertThat(pool.tryAllocate(5 << 20).isDirect()).isFalse();
        assertThat(memory.failures()).isZero();
    }

    /** One thread receives, others release; each buffer carries its owner's mark, which nobody may overwrite. */
    @Test
    void noBufferEverHasTwoOwnersAndTheBoundIsKept() throws Exception {
        long bound = 200_000;
        long seed = 11;
        DirectBufferPool pool = new DirectBufferPool(FakeDirectMemory.share(bound));
        record Marked(ByteBuffer view, Lease lease, long mark) {}
        BlockingQueue<Marked> handed = new ArrayBlockingQueue<>(64);
        Marked end = new Marked(ByteBuffer.allocate(0), Lease.NONE, -1);
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<Integer>> releasers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                releasers.add(threads.submit(() -> {
                    int wrong = 0;
                    for (Marked next = handed.take(); next != end; next = handed.take()) {
                        wrong += next.view().getLong(0) == next.mark() ? 0 : 1;
                        next.view().putLong(0, -next.mark());
                        next.lease().release();
                        wrong += pool.freeBytes() <= bound ? 0 : 1;
                    }
                    handed.put(end);
                    return wrong;
                }));
            }
            Future<?> receiver = threads.submit(() -> {
                SplittableRandom random = new SplittableRandom(seed);
                for (long mark = 1; mark <= 50_000; mark++) {
                    ByteBuffer view = pool.tryAllocate(random.nextInt(4096, 40_000));
                    view.putLong(0, mark);
                    if (random.nextInt(10) == 0) {
                        pool.release(view);
                    } else {
                        handed.put(new Marked(view, pool.lease(view), mark));
                    }
                }
                handed.put(end);
                return null;
            });
            receiver.get();
            for (Future<Integer> releaser : releasers) {
                assertThat(releaser.get()).as("faults seen, seed %s", seed).isZero();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(pool.inUseBytes()).isZero();
        assertThat(pool.freeBytes()).isBetween(1L, bound);
    }
}
