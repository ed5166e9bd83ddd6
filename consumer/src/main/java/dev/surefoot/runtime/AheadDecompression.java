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
 * Decompresses batches on worker threads, in the order in which the application will read them. The application's
 * thread never waits for a batch that no worker has begun: it takes that batch back and decompresses it. While a worker
 * is at the batch that it needs, it decompresses the next ones.
 *
 * <p>A batch that fails to decompress here is left to the application's thread, which fails the same way and reports
 * the error at its offset. The workers start with the first compressed batch.
 *
 * <p>The lock guards everything that is not final, except {@code started} and {@code closed}, which only the
 * application's thread writes. Decompressing a batch takes many microseconds and takes the lock three times.
 */
final class AheadDecompression implements ReadAhead, AutoCloseable {

    /**
     * In bytes: enough to be some milliseconds ahead with the fastest codec. More would not stay in the processor's
     * cache.
     */
    private static final long CAPACITY_BYTES_MAX = 16L << 20;

    /** Decompressed batches may take a quarter of the memory for fetched data, in addition to it. */
    private static final int BUFFER_DIVISOR = 4;

    /** In bytes: decompressing a smaller batch takes less time than handing it to another thread. */
    private static final int BATCH_BYTES_MIN = 2048;

    /**
     * After a batch was too large for its memory, this many batches of at least its size are left to the application's
     * thread: to decompress a batch twice is waste.
     */
    private static final int BATCHES_LEFT_AFTER_TOO_LARGE = 64;

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
    private int batchesToLeave;

    /** The state of a batch. A batch in one of the last three is no longer in {@code waiting}. */
    private enum State {
        WAITING,
        RUNNING,
        READY,
        /** The application's thread decompresses it. */
        LEFT,
        /** The application has cancelled the batch while a worker was at it. */
        CANCELLED
    }

    /** One batch. It holds its lease until its bytes are read or it is cancelled. */
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
     * @param workers how many threads, or 0 to leave everything to the application's thread
     * @param capacity the most bytes of decompressed batches to hold, see {@link #capacity}
     * @param capacityNow the most bytes to hold at the moment, if that is less: others may need memory too
     * @param largestBatchBytes the most bytes that a batch may decompress to here
     * @param memoryReturned called when a worker thread may have released the last hold on a receive buffer
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
        this.pool = new ScratchPool(capacity, capacityNow, batchMaxBytes, this::release);
    }

    /** Returns the most bytes that decompressed batches may take beside {@code bufferBytes} of fetched data. */
    static long capacity(long bufferBytes) {
        return Math.min(CAPACITY_BYTES_MAX, bufferBytes / BUFFER_DIVISOR);
    }

    // On the application's thread.

    @Override
    public BatchesAhead begin(Delivery.Records records) {
        if (closed) {
            return BatchesAhead.NONE;
        }
        List<CompressedBatch> batches = CompressedBatch.in(
                records.records(), records.fetchOffset(), records.abortedTransactions(), BATCH_BYTES_MIN, checkCrcs);
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

    /** Starts the workers that are not started yet; returns whether there is at least one. */
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
                AheadDecompression.this.cancel(tasks.get(next++));
            }
            boolean isNext = next < tasks.size() && tasks.get(next).batch.start() == start;
            return isNext ? AheadDecompression.this.take(tasks.get(next++)) : null;
        }

        @Override
        public void release() {
            while (next < tasks.size()) {
                AheadDecompression.this.cancel(tasks.get(next++));
            }
        }
    }

    private @Nullable Scratch take(Task task) {
        while (true) {
            Task other;
            lock.lock();
            try {
                if (task.state != State.RUNNING) {
                    return takeOut(task);
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

    /** Takes out a batch that no worker is at; returns its content if it is decompressed. */
    private @Nullable Scratch takeOut(Task task) {
        Scratch content = task.scratch;
        task.scratch = null;
        if (task.state == State.WAITING) {
            leaveToApplication(task);
        }
        task.state = State.LEFT;
        return content;
    }

    private void leaveToApplication(Task task) {
        waiting.remove(task);
        task.state = State.LEFT;
        task.lease.release();
    }

    private void cancel(Task task) {
        lock.lock();
        try {
            if (task.state == State.RUNNING) {
                task.state = State.CANCELLED;
                return;
            }
            Scratch content = takeOut(task);
            if (content != null) {
                content.release();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the threads, and waits until they have finished the batches that they are at. The deliveries must be
     * released before. An interrupt stays set.
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

    // On a worker's thread; {@code beginNext} and {@code decompress} also on the application's.

    private void work() {
        try (CodecContexts codecs = new CodecContexts()) {
            for (Task task = awaitNext(); task != null; task = awaitNext()) {
                decompress(task, codecs);
            }
        }
    }

    /** Waits for the next batch to decompress; returns null after {@code close}. */
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

    /** Begins the next batch if there is one, and memory for it. Called with the lock held. */
    private @Nullable Task beginNext() {
        while (!waiting.isEmpty()) {
            Task next = waiting.iterator().next();
            if (batchesToLeave > 0 && next.batch.bytes() >= tooLargeBytes) {
                batchesToLeave--;
                leaveToApplication(next);
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
            // Left to the application's thread, which fails the same way and reports the error at its offset.
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
                batchesToLeave = BATCHES_LEFT_AFTER_TOO_LARGE;
            }
            boolean cancelled = task.state == State.CANCELLED;
            if (done && !cancelled) {
                task.state = State.READY;
            } else {
                task.state = State.LEFT;
                task.scratch = null;
                scratch.release();
            }
            task.lease.release();
            if (cancelled) {
                memoryReturned.run();
            }
            workDone.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes of memory that batches being decompressed, ready or being read take. */
    long usedBytes() {
        lock.lock();
        try {
            return pool.usedBytes();
        } finally {
            lock.unlock();
        }
    }

    private void release(Scratch scratch) {
        lock.lock();
        try {
            pool.release(scratch);
            if (pool.halfFree() && !waiting.isEmpty()) {
                workToDo.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
