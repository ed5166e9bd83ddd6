package dev.surefoot.core.records;

/** Decompresses one block after another and holds the one that is being read. Owned by the cursor's thread. */
final class BlockStream implements DecompressedStream {

    private final CompressedBlocks blocks;
    private final Scratch block;
    private int position;

    /** @param blockMaxBytes the most bytes that one block may decompress to */
    BlockStream(CompressedBlocks blocks, int blockMaxBytes) {
        this.blocks = blocks;
        this.block = new Scratch(blockMaxBytes, unused -> {});
    }

    @Override
    public int read(byte[] to, int start, int size) {
        while (position == block.length()) {
            block.clear();
            position = 0;
            if (!blocks.next(block)) {
                return -1;
            }
        }
        int read = Math.min(size, block.length() - position);
        System.arraycopy(block.bytes(), position, to, start, read);
        position += read;
        return read;
    }

    @Override
    public void close() {
        // The blocks hold no memory outside of the heap.
    }
}
