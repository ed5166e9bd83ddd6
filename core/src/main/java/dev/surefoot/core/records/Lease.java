package dev.surefoot.core.records;

/**
 * Counts the holds on a pooled receive buffer. Code that keeps a slice of the buffer keeps a hold. The buffer returns
 * to its pool when the last hold is released. The creator starts with one hold. Safe from any thread.
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

    /** Adds a hold. The caller must have one already. */
    void retain();

    /**
     * Releases one hold.
     *
     * @throws IllegalStateException if there is no hold left to release
     */
    void release();

    /** Whether there is any hold. Once false, it stays false. Another thread may see the change a moment late. */
    boolean held();

    /**
     * Bytes of memory that stay occupied while there is a hold: the buffer's capacity, which may exceed the bytes
     * written into it.
     */
    int bytes();
}
