package dev.surefoot.net;

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
 * Receive buffers in direct memory, used again and again. The loop's thread takes them, any thread gives them back.
 *
 * <p>The pool bounds what it keeps, not what it gives: it never refuses a buffer, but keeps free ones only as far
 * as they fit within the bound beside those in use. What is in use is bounded by whoever asks for data, who
 * reserves room for an answer before asking; a pool that refused would stop a channel in the middle of an answer,
 * and with it the metadata that may be waiting behind. Where the consumer's {@link MemoryShare} has no direct
 * memory, buffers come from the heap.
 *
 * <p>Each buffer has one owner at a time: the pool, the channel that reads into it, or a {@link PooledLease}. The
 * channel gets a view made for it alone, so that one given back twice is recognised.
 */
public final class DirectBufferPool implements MemoryPool {
    /**
     * Where memory is short, a free buffer is used for what is smaller by up to so many sizes, an eighth of
     * it, rather than another one made in its place: what it would make room for is there only when the
     * garbage collector has come by.
     */
    private static final int SIZES_ABOVE = 12;

    private final MemoryShare share;
    private final Object lock = new Object();

    // Guarded by lock, from here on.
    private long maxBytes;
    private boolean closed;
    private final List<ArrayDeque<ByteBuffer>> free = new ArrayList<>(BufferSizes.COUNT);
    private final long[] lastTakenBack = new long[BufferSizes.COUNT];
    private long takenBack;
    private long freeBytes;
    private long inUseBytes;
    private @Nullable String refusal;
    private long leasedHeapBytes;
    private long receivingBytes;
    /** The views that channels read into, and the buffer that each is a view of. */
    private final IdentityHashMap<ByteBuffer, ByteBuffer> receiving = new IdentityHashMap<>();

    /**
     * Shares the direct memory of this JVM with other pools.
     *
     * @param maxBytes most bytes to keep, those in use included
     */
    public DirectBufferPool(long maxBytes) {
        this(DirectMemoryLedger.ofThisJvm().open(maxBytes));
    }

    /**
     * Keeps as many bytes as the share's owner wants, those in use included, until {@link #keep} says another number.
     */
    DirectBufferPool(MemoryShare share) {
        this.share = share;
        this.maxBytes = share.wantedBytes;
        for (int i = 0; i < BufferSizes.COUNT; i++) {
            free.add(new ArrayDeque<>());
        }
    }

    /**
     * A buffer with position 0 and limit {@code sizeBytes}.
     *
     * @throws KafkaException if there is no memory for it, neither direct nor on the heap
     */
    @Override
    public ByteBuffer tryAllocate(int sizeBytes) {
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

    /** Takes back a buffer whose reading was broken off. */
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

    /** Takes note that a leased buffer from the heap is free for the garbage collector. */
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
            throw new IllegalStateException("the receive buffer was given back before, or is not from this pool");
        }
        return buffer;
    }

    /** Takes back a buffer from its last owner. */
    void takeBack(ByteBuffer buffer) {
        int capacity = buffer.capacity();
        int index = BufferSizes.index(capacity);
        synchronized (lock) {
            inUseBytes -= capacity;
            if (closed || capacity + inUseBytes > maxBytes) {
                share.free(capacity);
                return;
            }
            // The size that was used just now is the likeliest to be asked for next; what has lain longest makes room.
            makeRoom(capacity);
            free.get(index).push(buffer);
            freeBytes += capacity;
            lastTakenBack[index] = ++takenBack;
        }
    }

    /** Drops free buffers until so many more bytes fit within the bound. Called with the lock held. */
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
     * A free buffer of that size; or a larger one, where memory is short and a new one of that size would need room.
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
     * Only where this pool has less than its owner wants. Otherwise the owner has reserved what it asked for and little
     * more, and a buffer of eight times the size would exceed the owner's bound.
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

    /** Changes how many bytes are kept, those in use included. */
    void keep(long bytes) {
        synchronized (lock) {
            maxBytes = bytes;
            makeRoom(0);
        }
    }

    /** Keeps nothing any more and gives its share back. Buffers in use stay valid. */
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
     * A channel whose peer claims more than there is memory for is closed by this exception; an error would end the
     * loop.
     */
    private ByteBuffer onHeap(int bytes) {
        try {
            return ByteBuffer.allocate(bytes);
        } catch (OutOfMemoryError e) {
            share.shrink("the heap has no room for a response of " + bytes + " bytes");
            String words =
                    "No memory for a response of " + bytes + " bytes; lower fetch.max.bytes or give the JVM more";
            synchronized (lock) {
                refusal = words;
            }
            throw new KafkaException(words, e);
        }
    }

    /**
     * Why a channel has had no buffer since this was last asked, or null. The selector logs it and closes the channel.
     */
    @Nullable String takeRefusal() {
        synchronized (lock) {
            String words = refusal;
            refusal = null;
            return words;
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
