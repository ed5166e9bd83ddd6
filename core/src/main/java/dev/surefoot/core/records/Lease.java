package dev.surefoot.core.records;

/**
 * A counted hold on a pooled receive buffer. Whoever keeps a slice of the buffer keeps a hold on its lease; the buffer
 * goes back to its pool when the last hold is released. The creator starts with one hold. Safe from any thread.
 */
public interface Lease {

    /** A lease on memory that is in no pool, such as a test's array. */
    Lease NONE = new Lease() {
        @Override
        public void retain() {}

        @Override
        public void release() {}

        @Override
        public boolean held() {
            return false;
        }

        @Override
        public int bytes() {
            return 0;
        }
    };

    void retain();

    /** @throws IllegalStateException if there is no hold left to release */
    void release();

    /**
     * Whether there is any hold. Once there is none, there is none for ever. Another thread may see
     * the change a moment late.
     */
    boolean held();

    /**
     * Bytes of memory that stay occupied while this lease is held: the buffer's capacity, not the bytes
     * that were written into it.
     */
    int bytes();
}
