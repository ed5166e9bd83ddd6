package dev.surefoot.net;

import dev.surefoot.core.exchange.RequestFailure.Reason;
import dev.surefoot.core.records.Lease;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.memory.MemoryPool;
import org.jspecify.annotations.Nullable;

/**
 * Receive buffers in direct memory, which are reused. The loop's thread allocates them, any thread releases them.
 *
 * <p>The pool bounds what it keeps, not what it allocates: it never refuses a buffer, and keeps free buffers only while
 * they fit within the bound beside those in use. Callers bound what is in use: they reserve memory for an answer before
 * they send the request. A pool that refused would stop a channel in the middle of an answer, and with it metadata
 * answers behind that one. Where the consumer's {@link MemoryShare} has no direct memory, buffers come from the heap.
 *
 * <p>Each buffer has one owner at a time: the pool, the channel that reads into it, or a {@link PooledLease}. The
 * channel gets a view made for it alone, so that a second release of the same buffer is detected.
 */
public final class DirectBufferPool implements MemoryPool {
    /**
     * Where memory is short, a request also takes a free buffer that is up to this many sizes larger, eight times the
     * bytes. A new buffer in its place would need memory that is free only after the next garbage collection.
     */
    private static final int SIZES_ABOVE = 12;

    /** Closes the channel that wanted a buffer. */
    static final class Refused extends KafkaException {
        private static final long serialVersionUID = 1L;

        Refused(String words, @Nullable Throwable cause) {
            super(words, cause);
        }
    }

    /** Why a channel got no buffer for an answer of so many bytes. */
    record Refusal(Reason reason, String words, int bytes) {}

    private final MemoryShare share;
    private volatile int maxAnswerBytes = Integer.MAX_VALUE;
    private final Object lock = new Object();

    // Guarded by the lock, from here on.
    private long maxBytes;
    private boolean closed;
    private final List<ArrayDeque<ByteBuffer>> free = new ArrayList<>(BufferSizes.COUNT);
    private final long[] lastTakenBack = new long[BufferSizes.COUNT];
    private long takenBack;
    private long freeBytes;
    private long inUseBytes;
    private @Nullable Refusal refusal;
    private long leasedHeapBytes;
    private long receivingBytes;
    /** The views that channels read into, each with the buffer that it is a view of. */
    private final IdentityHashMap<ByteBuffer, ByteBuffer> receiving = new IdentityHashMap<>();

    /**
     * Makes a pool that shares the direct memory of this JVM with other pools.
     *
     * @param maxBytes most bytes to keep, those in use included
     */
    public DirectBufferPool(long maxBytes) {
        this(DirectMemoryLedger.ofThisJvm().open(maxBytes));
    }

    /**
     * Makes a pool that keeps as many bytes as the share's owner wants, those in use included, until {@link #keep}
     * changes that.
     */
    DirectBufferPool(MemoryShare share) {
        this.share = share;
        this.maxBytes = share.wantedBytes;
        for (int i = 0; i < BufferSizes.COUNT; i++) {
            free.add(new ArrayDeque<>());
        }
    }

    /**
     * Returns a buffer with position 0 and limit {@code sizeBytes}.
     *
     * @throws KafkaException if there is no memory for it, neither direct nor on the heap, or no answer can be so large
     */
    @Override
    public ByteBuffer tryAllocate(int sizeBytes) {
        if (sizeBytes > maxAnswerBytes) {
            throw refused(
                    Reason.RESPONSE_TOO_LARGE, IncomingFrames.tooLarge(sizeBytes, maxAnswerBytes), sizeBytes, null);
        }
        if (!BufferSizes.pooled(sizeBytes)) {
            return onHeap(sizeBytes);
        }
        int index = BufferSizes.index(sizeBytes);
        ByteBuffer buffer = takeFree(index);
        if (buffer == null) {
            buffer = share.allocate(BufferSizes.capacity(index));
            if (buffer == null) {
                return onHeap(sizeBytes);
            }
        }
        ByteBuffer view = buffer.duplicate();
        view.limit(sizeBytes);
        synchronized (lock) {
            inUseBytes += buffer.capacity();
            receivingBytes += buffer.capacity();
            receiving.put(view, buffer);
        }
        return view;
    }

    /** Releases a buffer that was not read to its end. */
    @Override
    public void release(ByteBuffer view) {
        ByteBuffer buffer = endReceiving(view);
        if (buffer != null) {
            takeBack(buffer);
        }
    }

    /** Turns a buffer that has been read in full into a lease with one hold. */
    Lease lease(ByteBuffer view) {
        ByteBuffer buffer = endReceiving(view);
        if (buffer != null) {
            return new PooledLease(this, buffer, buffer.capacity());
        }
        synchronized (lock) {
            leasedHeapBytes += view.capacity();
        }
        return new PooledLease(this, null, view.capacity());
    }

    /** Stops counting a leased buffer on the heap, which the garbage collector frees. */
    void letGo(int heapBytes) {
        synchronized (lock) {
            leasedHeapBytes -= heapBytes;
        }
    }

    private @Nullable ByteBuffer endReceiving(ByteBuffer view) {
        if (!view.isDirect()) {
            return null;
        }
        ByteBuffer buffer;
        synchronized (lock) {
            buffer = receiving.remove(view);
            receivingBytes -= buffer == null ? 0 : buffer.capacity();
        }
        if (buffer == null) {
            throw new IllegalStateException("the receive buffer was released before, or is not from this pool");
        }
        return buffer;
    }

    /** Takes a buffer back when its last owner has released it. */
    void takeBack(ByteBuffer buffer) {
        int capacity = buffer.capacity();
        int index = BufferSizes.index(capacity);
        synchronized (lock) {
            inUseBytes -= capacity;
            if (closed || capacity + inUseBytes > maxBytes) {
                share.free(capacity);
                return;
            }
            // The size that was used last is the likeliest to be requested next; the buffer that was unused for longest
            // makes room.
            makeRoom(capacity);
            free.get(index).push(buffer);
            freeBytes += capacity;
            lastTakenBack[index] = ++takenBack;
        }
    }

    /** Frees buffers until so many more bytes fit within the bound. Called with the lock held. */
    private void makeRoom(int capacity) {
        while (freeBytes > 0 && freeBytes + inUseBytes + capacity > maxBytes) {
            dropOneFree();
        }
    }

    private void dropOneFree() {
        int stalest = -1;
        for (int i = 0; i < lastTakenBack.length; i++) {
            if (!free.get(i).isEmpty() && (stalest < 0 || lastTakenBack[i] < lastTakenBack[stalest])) {
                stalest = i;
            }
        }
        int capacity = free.get(stalest).removeLast().capacity();
        freeBytes -= capacity;
        share.free(capacity);
    }

    /**
     * Returns a free buffer of that size, or null. Where memory is short and a new buffer would need room, also a
     * larger one.
     */
    private @Nullable ByteBuffer takeFree(int index) {
        int capacity = BufferSizes.capacity(index);
        synchronized (lock) {
            ByteBuffer buffer = free.get(index).poll();
            if (buffer == null && freeBytes + inUseBytes + capacity > maxBytes) {
                buffer = takeLargerFree(index);
            }
            if (buffer != null) {
                freeBytes -= buffer.capacity();
            } else {
                makeRoom(capacity);
            }
            return buffer;
        }
    }

    /**
     * Returns a larger free buffer only if this pool has less memory than its owner wants. Otherwise the owner has
     * reserved little more than it asked for, and a buffer of eight times the size would exceed the owner's bound.
     */
    private @Nullable ByteBuffer takeLargerFree(int index) {
        if (maxBytes >= share.wantedBytes) {
            return null;
        }
        int largest = Math.min(index + SIZES_ABOVE, BufferSizes.COUNT - 1);
        for (int i = index + 1; i <= largest; i++) {
            if (inUseBytes + BufferSizes.capacity(i) > share.wantedBytes) {
                return null;
            }
            ByteBuffer buffer = free.get(i).poll();
            if (buffer != null) {
                return buffer;
            }
        }
        return null;
    }

    /** Sets how many bytes are kept, those in use included. */
    void keep(long bytes) {
        synchronized (lock) {
            maxBytes = bytes;
            makeRoom(0);
        }
    }

    /** Frees all free buffers and closes the share. Buffers in use stay valid. */
    void close() {
        synchronized (lock) {
            closed = true;
            maxBytes = 0;
            makeRoom(0);
        }
        share.close();
    }

    MemoryShare share() {
        return share;
    }

    /**
     * Throws an exception, which closes the channel, if a peer claims more than there is memory for. An error would end
     * the loop.
     */
    private ByteBuffer onHeap(int bytes) {
        try {
            return ByteBuffer.allocate(bytes);
        } catch (OutOfMemoryError e) {
            share.shrink("the heap has no room for a response of " + bytes + " bytes");
            throw refused(
                    Reason.NO_MEMORY,
                    "No memory for a response of " + bytes + " bytes; lower fetch.max.bytes or give the JVM more",
                    bytes,
                    e);
        }
    }

    private KafkaException refused(Reason reason, String words, int bytes, @Nullable Throwable cause) {
        synchronized (lock) {
            refusal = new Refusal(reason, words, bytes);
        }
        return new Refused(words, cause);
    }

    /** Refuses buffers for answers beyond this size in bytes, which no answer of a broker has. */
    void refuseBeyond(int maxBytesOfAnswer) {
        maxAnswerBytes = maxBytesOfAnswer;
    }

    /**
     * Returns and clears why a channel got no buffer since the last call, or null. The selector logs the exception and
     * closes the channel without passing it on.
     */
    @Nullable Refusal takeRefusal() {
        synchronized (lock) {
            Refusal last = refusal;
            refusal = null;
            return last;
        }
    }

    /** Bytes of memory, direct and heap, that are being read into or leased. */
    public long heldBytes() {
        synchronized (lock) {
            return inUseBytes + leasedHeapBytes;
        }
    }

    /** Bytes of memory, direct and heap, that are leased. */
    long leasedBytes() {
        synchronized (lock) {
            return inUseBytes - receivingBytes + leasedHeapBytes;
        }
    }

    /** Bytes of direct memory that are being read into or leased. */
    public long inUseBytes() {
        synchronized (lock) {
            return inUseBytes;
        }
    }

    /** Bytes of direct memory kept for reuse. */
    public long freeBytes() {
        synchronized (lock) {
            return freeBytes;
        }
    }

    @Override
    public long size() {
        return Long.MAX_VALUE;
    }

    @Override
    public long availableMemory() {
        return Long.MAX_VALUE;
    }

    @Override
    public boolean isOutOfMemory() {
        return false;
    }
}
