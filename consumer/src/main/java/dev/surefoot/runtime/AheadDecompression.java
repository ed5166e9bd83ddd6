package dev.surefoot.runtime;

import dev.surefoot.core.delivery.ReadAhead;
import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.records.BatchesAhead;
import dev.surefoot.core.records.CodecContexts;
import dev.surefoot.core.records.CompressedBatch;
import dev.surefoot.core.records.Lease;
import dev.surefoot.core.records.Scratch;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * Decompresses batches on threads of its own, in the order in which the application will get to them. The application's
 * thread never waits for a batch that nobody has begun: it takes that back and does it itself. For one that is under
 * way it waits, but helps with the next ones meanwhile.
 *
 * <p>A batch that cannot be decompressed here, for whatever reason, is left to the application's thread: that comes to
 * the same error in its turn, and knows where it is. The worker's threads start with the first compressed batch.
 *
 * <p>The lock guards everything that is not final; only the application's thread writes {@code started} and
 * {@code closed}. A batch is a matter of many microseconds and takes the lock three times.
 */
final class AheadDecompression implements ReadAhead, AutoCloseable {

    /** Enough to be some milliseconds ahead with the fastest codec; more would only leave the processor's cache. */
    private static final long CAPACITY_MAX = 16L << 20;

    /** The part of the memory for fetched data that decompressed batches may take beside it. */
    private static final int BUFFER_PART = 4;

    /** A batch smaller than this is decompressed in less time than it takes to hand it over. */
    private static final int WORTHWHILE_BYTES = 2048;

    /**
     * After a batch that had no room, so many that are no smaller are left alone: to decompress them twice is waste.
     */
    private static final int LEFT_AFTER_TOO_LARGE = 64;

    private final Threads threads;
    private final String name;
    private final int workers;
    private final boolean checkCrcs;
    private final Runnable memoryReturned;
    private final CodecContexts applicationsCodecs = new CodecContexts();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition workToDo = lock.newCondition();
    private final Condition workDone = lock.newCondition();
    private final ScratchPool pool;
    private final LinkedHashSet<Task> waiting = new LinkedHashSet<>();
    private int started;
    private boolean closed;
    private int running;
    private int tooLargeBytes;
    private int toLeave;

    /** How a batch stands. It is taken out by the application in the last three, by itself or never. */
    private enum State {
        WAITING,
        RUNNING,
        READY,
        /** The application's thread decompresses it. */
        LEFT,
        /** The application has let go of it while it was running. */
        DROPPED
    }

    /** One batch. Its lease is held until its bytes are read or it is taken back. */
    private static final class Task {
        private final CompressedBatch batch;
        private final Lease lease;
        private State state = State.WAITING;
        private @Nullable Scratch scratch;

        Task(CompressedBatch batch, Lease lease) {
            this.batch = batch;
            this.lease = lease;
        }
    }

    /**
     * @param name of the threads
     * @param workers how many threads, or 0 to leave everything to the application's
     * @param capacity the most bytes of decompressed batches to hold, see {@link #capacity}
     * @param capacityNow a lower bound of this moment, where others need memory too
     * @param largestBatchBytes the most that a batch may decompress to here
     * @param memoryReturned told when a receive buffer may have been given back by a thread of this
     */
    AheadDecompression(
            Threads threads,
            String name,
            int workers,
            long capacity,
            LongSupplier capacityNow,
            int largestBatchBytes,
            boolean checkCrcs,
            Runnable memoryReturned) {
        this.threads = threads;
        this.name = name;
        this.workers = workers;
        this.checkCrcs = checkCrcs;
        this.memoryReturned = memoryReturned;
        this.closed = workers == 0;
        // Each worker and the application's thread can be at a batch of the largest size while as many are ready.
        int batchMaxBytes = (int) Math.min(largestBatchBytes, Math.max(1, capacity / (2L * (workers + 1))));
        this.pool = new ScratchPool(capacity, capacityNow, batchMaxBytes, this::giveBack);
    }

    /** How much memory decompressed batches may take where fetched data may take so much. */
    static long capacity(long bufferBytes) {
        return Math.min(CAPACITY_MAX, bufferBytes / BUFFER_PART);
    }

    // On the application's thread.

    @Override
    public BatchesAhead begin(Delivery.Records records) {
        if (closed) {
            return BatchesAhead.NONE;
        }
        List<CompressedBatch> batches = CompressedBatch.in(
                records.records(), records.fetchOffset(), records.abortedTransactions(), WORTHWHILE_BYTES, checkCrcs);
        if (batches.isEmpty() || !start()) {
            return BatchesAhead.NONE;
        }
        List<Task> tasks =
                batches.stream().map(batch -> new Task(batch, records.lease())).toList();
        tasks.forEach(task -> task.lease.retain());
        lock.lock();
        try {
            waiting.addAll(tasks);
            workToDo.signalAll();
        } finally {
            lock.unlock();
        }
        return new OfDelivery(tasks);
    }

    /** Returns whether there are threads to work ahead. */
    private boolean start() {
        for (; started < workers; started++) {
            if (!threads.startWorker(this::work, workers == 1 ? name : name + "-" + (started + 1))) {
                break;
            }
        }
        return started > 0;
    }

    /** The batches of one delivery, taken in their order. */
    private final class OfDelivery implements BatchesAhead {
        private final List<Task> tasks;
        private int next;

        OfDelivery(List<Task> tasks) {
            this.tasks = tasks;
        }

        @Override
        public @Nullable Scratch take(int start) {
            while (next < tasks.size() && tasks.get(next).batch.start() < start) {
                AheadDecompression.this.drop(tasks.get(next++));
            }
            boolean isNext = next < tasks.size() && tasks.get(next).batch.start() == start;
            return isNext ? AheadDecompression.this.take(tasks.get(next++)) : null;
        }

        @Override
        public void release() {
            while (next < tasks.size()) {
                AheadDecompression.this.drop(tasks.get(next++));
            }
        }
    }

    private @Nullable Scratch take(Task task) {
        while (true) {
            Task other;
            lock.lock();
            try {
                if (task.state != State.RUNNING) {
                    return settle(task);
                }
                other = beginNext();
                if (other == null) {
                    workDone.awaitUninterruptibly();
                    continue;
                }
            } finally {
                lock.unlock();
            }
            decompress(other, applicationsCodecs);
        }
    }

    /** Takes out a batch that nobody is at. */
    private @Nullable Scratch settle(Task task) {
        Scratch content = task.scratch;
        task.scratch = null;
        if (task.state == State.WAITING) {
            leave(task);
        }
        task.state = State.LEFT;
        return content;
    }

    private void leave(Task task) {
        waiting.remove(task);
        task.state = State.LEFT;
        task.lease.release();
    }

    private void drop(Task task) {
        lock.lock();
        try {
            if (task.state == State.RUNNING) {
                task.state = State.DROPPED;
                return;
            }
            Scratch content = settle(task);
            if (content != null) {
                content.release();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the threads and waits for the batches that they are at; what has been delivered has to be dropped before. An
     * interrupt stays set.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            workToDo.signalAll();
            while (running > 0) {
                workDone.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
        applicationsCodecs.close();
    }

    // On a worker's thread, and some of it on the application's.

    private void work() {
        try (CodecContexts codecs = new CodecContexts()) {
            for (Task task = awaitNext(); task != null; task = awaitNext()) {
                decompress(task, codecs);
            }
        }
    }

    /** The next batch to decompress, or null when there will be none. */
    private @Nullable Task awaitNext() {
        lock.lock();
        try {
            while (!closed) {
                Task next = beginNext();
                if (next != null) {
                    return next;
                }
                workToDo.awaitUninterruptibly();
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Begins with the next batch if there is one, and room for it. Called with the lock held. */
    private @Nullable Task beginNext() {
        while (!waiting.isEmpty()) {
            Task next = waiting.iterator().next();
            if (toLeave > 0 && next.batch.bytes() >= tooLargeBytes) {
                toLeave--;
                leave(next);
                continue;
            }
            Scratch scratch = pool.begin();
            if (scratch == null) {
                return null;
            }
            waiting.remove(next);
            next.state = State.RUNNING;
            next.scratch = scratch;
            running++;
            return next;
        }
        return null;
    }

    private void decompress(Task task, CodecContexts codecs) {
        Scratch scratch = Objects.requireNonNull(task.scratch);
        boolean done = false;
        boolean tooLarge = false;
        try {
            task.batch.decompress(codecs, scratch);
            done = true;
        } catch (RecordBatchTooLargeException e) {
            tooLarge = true;
        } catch (RuntimeException | Error e) {
            // Left to the application's thread, which runs into the same and reports it where it belongs.
        } finally {
            end(task, scratch, done, tooLarge);
        }
    }

    private void end(Task task, Scratch scratch, boolean done, boolean tooLarge) {
        lock.lock();
        try {
            running--;
            pool.end(scratch);
            if (tooLarge) {
                tooLargeBytes = task.batch.bytes();
                toLeave = LEFT_AFTER_TOO_LARGE;
            }
            boolean dropped = task.state == State.DROPPED;
            if (done && !dropped) {
                task.state = State.READY;
            } else {
                task.state = State.LEFT;
                task.scratch = null;
                scratch.release();
            }
            task.lease.release();
            if (dropped) {
                memoryReturned.run();
            }
            workDone.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes of memory that batches under way, ready or being read take up. */
    long usedBytes() {
        lock.lock();
        try {
            return pool.usedBytes();
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(Scratch scratch) {
        lock.lock();
        try {
            pool.giveBack(scratch);
            if (pool.halfFree() && !waiting.isEmpty()) {
                workToDo.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
