package dev.surefoot.core.records;

import org.jspecify.annotations.Nullable;

/**
 * The batches of one delivery that may have been decompressed before a cursor gets to them. It
 * belongs to the cursor's thread.
 */
public interface BatchesAhead {

    /** None is decompressed ahead. */
    BatchesAhead NONE = new BatchesAhead() {
        @Override
        public @Nullable Scratch take(int start) {
            return null;
        }

        @Override
        public void drop() {}
    };

    /**
     * Takes out the content of a batch. It has been checked as {@link CompressedBatch#decompress} does; the caller owns
     * it until it gives it back. May wait while the batch is being decompressed.
     *
     * @param start index of the batch's first byte in the delivery; no less than in the call before
     * @return null if the caller is to check and to decompress the batch itself, whatever the reason
     */
    @Nullable Scratch take(int start);

    /** Lets go of all that has not been taken. */
    void drop();
}
