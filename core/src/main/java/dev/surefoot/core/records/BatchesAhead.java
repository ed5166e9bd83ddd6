package dev.surefoot.core.records;

import org.jspecify.annotations.Nullable;

/**
 * The batches of one delivery that another thread may have decompressed before a cursor reaches them. Owned by the
 * cursor's thread, which calls {@link #take} for its batches in order, and {@link #release} once at the end.
 */
public interface BatchesAhead {

    /** For a delivery of which no batch is decompressed ahead. */
    BatchesAhead NONE = new BatchesAhead() {
        @Override
        public @Nullable Scratch take(int start) {
            return null;
        }

        @Override
        public void release() {}
    };

    /**
     * Takes the content of a batch, checked as {@link CompressedBatch#decompress} does. The caller owns it until {@link
     * Scratch#release}. Waits while a worker is decompressing the batch.
     *
     * @param start index of the batch's first byte in the delivery; no less than in the call before
     * @return null if the caller has to check and decompress the batch itself
     */
    @Nullable Scratch take(int start);

    /** Releases the contents that were not taken, and cancels the batches that no worker has begun. */
    void release();
}
