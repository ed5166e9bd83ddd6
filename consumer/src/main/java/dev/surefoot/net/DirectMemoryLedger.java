package dev.surefoot.net;

import dev.surefoot.core.time.Deadline;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Divides direct memory between the consumers of a JVM. Together they take at most half of its limit. The consumers
 * that fetch have equal shares of that. What one of them does not want ({@code surefoot.buffer.bytes}) is left for the
 * others. A second class loader has a ledger of its own. Safe from any thread.
 *
 * <p>Buffers are counted from their allocation until they are collected, so the bound holds at every moment. A share
 * only says how many bytes its owner may request from brokers. While shares shrink because another consumer begins, an
 * answer may arrive for which there is no direct memory any more. It is read into the heap.
 *
 * <p>An allocation that fails inside the JDK collects garbage and sleeps for up to a second. So none is tried that the
 * figures of the JVM rule out, except now and then: only a try collects the garbage that may be in the way. The wait
 * after a failure doubles from a second to half a minute. Memory freed meanwhile shows in the figures and is used at
 * once.
 */
final class DirectMemoryLedger {
    /** Consumers take one part in this many of the limit; the rest is for others, such as the JDK. */
    static final int BOUND_PART = 2;

    /** The JDK's own buffers for TLS handshakes take at most one part in this many of the limit, within the bound. */
    private static final int JDK_PART = 128;

    private static final long JDK_BYTES_MAX = 1 << 20;

    /** Fetched data may take one part in this many of the heap where direct memory is short. */
    static final int HEAP_PART = 8;

    /** The least share: a fetch that asks for less costs more than its data. */
    static final long LEAST_SHARE_BYTES = 128 << 10;

    static final long FIRST_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(1);
    static final long LONGEST_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** A consumer that has not fetched for this long, and holds nothing, has no share. */
    static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long WARNING_NANOS = TimeUnit.HOURS.toNanos(1);

    /** A buffer for data leaves one part in this many of the limit to others, and no more than the bytes below. */
    private static final int SPARE_PART = 16;

    private static final long SPARE_BYTES_MAX = 2 << 20;

    private final DirectMemory memory;
    private final Clock clock;
    private final Logger log;
    private final long boundBytes;
    private final long spareBytes;
    private final long heapBytes;
    private final Object lock = new Object();

    // Guarded by the lock, from here on.
    private final Set<MemoryShare> fetching = new LinkedHashSet<>();
    private long fairBytes;
    private long takenBytes;
    /** Over all consumers, the sum of the larger of the bytes taken and the bytes held and waited for. */
    private long committedBytes;
    /** Bytes of buffers that are in use, or released and not collected yet. */
    private long existingBytes;

    private long collectBackoffNanos = FIRST_BACKOFF_NANOS;
    private long collectAtNanos = Deadline.NEVER;
    private long nextExpiryNanos = Deadline.NEVER;
    private long backoffNanos = FIRST_BACKOFF_NANOS;
    private long retryAtNanos = Deadline.NEVER;
    private long failedTotalBytes = Long.MAX_VALUE;
    private long nextWarningNanos = Deadline.NEVER;

    DirectMemoryLedger(DirectMemory memory, long maxHeapBytes, Clock clock, Logger log) {
        this.memory = memory;
        this.clock = clock;
        this.log = log;
        this.boundBytes = memory.limitBytes() / BOUND_PART - Math.min(memory.limitBytes() / JDK_PART, JDK_BYTES_MAX);
        this.spareBytes = Math.min(memory.limitBytes() / SPARE_PART, SPARE_BYTES_MAX);
        this.heapBytes = maxHeapBytes / HEAP_PART;
    }

    /** Returns the ledger of this JVM. */
    static DirectMemoryLedger ofThisJvm() {
        return OfThisJvm.LEDGER;
    }

    private static final class OfThisJvm {
        static final DirectMemoryLedger LEDGER = new DirectMemoryLedger(
                DirectMemory.OF_THIS_JVM,
                Runtime.getRuntime().maxMemory(),
                Clock.SYSTEM,
                LoggerFactory.getLogger(DirectMemoryLedger.class));
    }

    /** The most bytes that all consumers take together. */
    long boundBytes() {
        return boundBytes;
    }

    /** Bytes that all consumers have taken. */
    long takenBytes() {
        synchronized (lock) {
            return takenBytes;
        }
    }

    /**
     * Opens a share for one consumer. It counts from the consumer's first fetch until it is closed.
     *
     * @param wantedBytes the most bytes that the consumer can use
     */
    MemoryShare open(long wantedBytes) {
        return new MemoryShare(this, wantedBytes);
    }

    // For shares.

    /** Notes that this consumer fetches, or holds what it has fetched. */
    private void use(MemoryShare share) {
        List<MemoryShare> others = List.of();
        synchronized (lock) {
            share.usedAtNanos = clock.nanos();
            if (!share.closed && fetching.add(share)) {
                others = divide(share);
            }
        }
        others.forEach(MemoryShare::changed);
    }

    boolean isFetching(MemoryShare share) {
        synchronized (lock) {
            return fetching.contains(share);
        }
    }

    /** Notes how many bytes this consumer holds and waits for. */
    void hold(MemoryShare share, long bytes) {
        synchronized (lock) {
            share.claimedBytes = bytes;
            commit(share);
        }
        if (bytes > 0) {
            use(share);
        }
    }

    /** Lets this consumer hold and wait for so many bytes in all; returns false if it may have fewer by now. */
    boolean claim(MemoryShare share, long bytes) {
        use(share);
        synchronized (lock) {
            if (bytes > capacity(share, clock.nanos())) {
                return false;
            }
            share.claimedBytes = bytes;
            commit(share);
            return true;
        }
    }

    private void commit(MemoryShare share) {
        long after = share.closed ? 0 : Math.max(share.takenBytes, share.claimedBytes);
        committedBytes += after - share.committedBytes;
        share.committedBytes = after;
    }

    /** Returns the most bytes that this consumer may hold now, and request from brokers. */
    long capacityBytes(MemoryShare share) {
        List<MemoryShare> others;
        long capacity;
        synchronized (lock) {
            long now = clock.nanos();
            others = expire(now);
            capacity = capacity(share, now);
            share.capacityBytes = capacity;
        }
        others.forEach(MemoryShare::changed);
        return capacity;
    }

    /** Returns its fair share, as far as others leave it by now and the JVM has memory for it. */
    private long capacity(MemoryShare share, long now) {
        long fair = fetching.contains(share) ? fairBytes : fair(withOneMore(share));
        // Data that does not fit beside uncollected garbage goes to the heap, as far as there is room.
        long garbage = Math.max(0, existingBytes - takenBytes - heapBytes);
        long left = Math.max(0, boundBytes - committedBytes - garbage);
        long free = Math.max(0, Math.min(boundBytes, memory.limitBytes() - memory.usedBytes() - spareBytes));
        long obtainable = share.committedBytes + Math.min(left, (free + heapBytes) / Math.max(1, fetching.size()));
        return Math.max(
                Math.min(LEAST_SHARE_BYTES, share.wantedBytes),
                Math.min(Math.min(share.wantedBytes, share.ceilingBytes(now)), Math.min(fair, obtainable)));
    }

    private List<MemoryShare> withOneMore(MemoryShare share) {
        List<MemoryShare> sharing = new ArrayList<>(fetching);
        sharing.add(share);
        return sharing;
    }

    private List<MemoryShare> expire(long now) {
        if (!Deadline.passed(nextExpiryNanos, now)) {
            return List.of();
        }
        nextExpiryNanos = now + IDLE_NANOS / 10;
        List<MemoryShare> idle = fetching.stream()
                .filter(share -> now - share.usedAtNanos >= IDLE_NANOS)
                .toList();
        for (MemoryShare share : idle) {
            fetching.remove(share);
            share.claimedBytes = 0;
            commit(share);
        }
        return idle.isEmpty() ? List.of() : divide(null);
    }

    /** Divides memory again; returns the changed shares, whose owners are informed without the lock. */
    private List<MemoryShare> divide(@Nullable MemoryShare first) {
        if (nextExpiryNanos == Deadline.NEVER) {
            nextExpiryNanos = clock.nanos() + IDLE_NANOS / 10;
        }
        long before = fairBytes;
        fairBytes = fair(fetching);
        if (fairBytes == before) {
            return List.of();
        }
        List<MemoryShare> others = new ArrayList<>(fetching);
        others.remove(first);
        return others;
    }

    /** Returns the largest equal share, where consumers that want less get what they want. */
    private long fair(Collection<MemoryShare> sharing) {
        long left = Math.max(0, boundBytes - (long) sharing.size() * SocketPiece.BYTES);
        int count = sharing.size();
        long fair = count == 0 ? left : left / count;
        long[] wanted =
                sharing.stream().mapToLong(share -> share.wantedBytes).sorted().toArray();
        for (int i = 0; i < count && wanted[i] < left / (count - i); i++) {
            left -= wanted[i];
            fair = i == count - 1 ? wanted[i] : left / (count - i - 1);
        }
        return fair;
    }

    /**
     * Returns a direct buffer, or null if none fits within the bound and the figures of the JVM.
     *
     * @param essential whether the last bytes may be used for it
     */
    @Nullable ByteBuffer allocate(MemoryShare share, int bytes, boolean essential) {
        boolean fits;
        synchronized (lock) {
            existingBytes -= memory.takeCollectedBytes();
            fits = existingBytes + bytes <= boundBytes;
            boolean useful = fits ? mayTry(bytes, essential ? 0 : spareBytes) : mayCollect(bytes);
            if (share.closed || !useful) {
                return null;
            }
            if (fits) {
                takenBytes += bytes;
                existingBytes += bytes;
                share.takenBytes += bytes;
                commit(share);
            }
        }
        if (!fits) {
            memory.collect(); // for the next attempt: the figures show what it frees a little later
            return null;
        }
        try {
            ByteBuffer buffer = memory.allocate(bytes);
            succeeded();
            return buffer;
        } catch (OutOfMemoryError e) {
            failed(share, bytes);
            return null;
        }
    }

    /** Whether to collect garbage now because only garbage is in the way. Each true makes the next pause longer. */
    private boolean mayCollect(int bytes) {
        long now = clock.nanos();
        if (takenBytes + bytes > boundBytes
                || (collectAtNanos != Deadline.NEVER && !Deadline.passed(collectAtNanos, now))) {
            return false;
        }
        boolean often = collectAtNanos != Deadline.NEVER && now - collectAtNanos < LONGEST_BACKOFF_NANOS;
        collectBackoffNanos = often ? Math.min(2 * collectBackoffNanos, LONGEST_BACKOFF_NANOS) : FIRST_BACKOFF_NANOS;
        collectAtNanos = now + collectBackoffNanos;
        return true;
    }

    private boolean mayTry(int bytes, long spare) {
        long total = memory.usedBytes() + bytes;
        if (total <= memory.limitBytes() - spare && total < failedTotalBytes) {
            return true;
        }
        long now = clock.nanos();
        if (retryAtNanos != Deadline.NEVER && !Deadline.passed(retryAtNanos, now)) {
            return false;
        }
        // Set before the attempt, so that no other thread makes one.
        retryAtNanos = now + backoffNanos;
        return true;
    }

    private void succeeded() {
        synchronized (lock) {
            backoffNanos = FIRST_BACKOFF_NANOS;
            failedTotalBytes = Long.MAX_VALUE;
        }
    }

    private void failed(MemoryShare share, int bytes) {
        synchronized (lock) {
            giveBack(share, bytes);
            existingBytes -= bytes;
            retryAtNanos = clock.nanos() + backoffNanos;
            backoffNanos = Math.min(2 * backoffNanos, LONGEST_BACKOFF_NANOS);
            failedTotalBytes = memory.usedBytes() + bytes;
        }
        warn("no direct buffer of " + bytes + " bytes could be made");
    }

    /** Notes that a buffer is left to the garbage collector. */
    void free(MemoryShare share, long bytes) {
        synchronized (lock) {
            giveBack(share, bytes);
        }
    }

    private void giveBack(MemoryShare share, long bytes) {
        if (!share.closed) {
            takenBytes -= bytes;
            share.takenBytes -= bytes;
            commit(share);
        }
    }

    /** Notes that there was no memory for what this consumer requested; it requests less for a while. */
    void shrink(MemoryShare share, String what) {
        synchronized (lock) {
            share.shrink(clock.nanos());
        }
        warn(what);
    }

    void close(MemoryShare share) {
        List<MemoryShare> others = List.of();
        synchronized (lock) {
            if (share.closed) {
                return;
            }
            giveBack(share, share.takenBytes);
            share.closed = true;
            commit(share);
            if (fetching.remove(share)) {
                others = divide(null);
            }
        }
        others.forEach(MemoryShare::changed);
    }

    /** Warns of a shortage once an hour: all consumers of the JVM meet the same one. */
    private void warn(String what) {
        int sharing;
        synchronized (lock) {
            long now = clock.nanos();
            if (nextWarningNanos != Deadline.NEVER && !Deadline.passed(nextWarningNanos, now)) {
                return;
            }
            nextWarningNanos = now + WARNING_NANOS;
            sharing = fetching.size();
        }
        log.warn(
                "Memory is short: {}. Direct buffers of this JVM take {} of {} bytes, {} of them for {} consumers"
                        + " that fetch."
                        + " Consumers go on with less, more slowly, until memory is back. If it stays short, raise"
                        + " -XX:MaxDirectMemorySize or -Xmx, or lower surefoot.buffer.bytes or the number of consumers."
                        + " This warning is not repeated for an hour.",
                what,
                memory.usedBytes(),
                memory.limitBytes(),
                takenBytes(),
                sharing);
    }
}
