package dev.surefoot.core.model;

import java.nio.ByteBuffer;

/** The smallest record batches of format v2 (KIP-98): true headers, with payload bytes that nobody decodes here. */
public final class ModelBatches {
    /** Bytes of a batch's header. */
    public static final int HEADER_BYTES = 61;

    private ModelBatches() {}

    /** A batch with so many records and no payload. */
    public static ByteBuffer batch(long baseOffset, int records, int leaderEpoch) {
        return batch(baseOffset, records, leaderEpoch, 0);
    }

    public static ByteBuffer batch(long baseOffset, int records, int leaderEpoch, int payloadBytes) {
        ByteBuffer batch = ByteBuffer.allocate(HEADER_BYTES + payloadBytes);
        batch.putLong(baseOffset);
        batch.putInt(batch.capacity() - 12);
        batch.putInt(leaderEpoch);
        batch.put((byte) 2);
        batch.putInt(0); // checksum, which is checked only when records are decoded
        batch.putShort((short) 0);
        batch.putInt(records - 1); // last offset delta
        batch.putLong(0); // base timestamp
        batch.putLong(0); // max timestamp
        batch.putLong(-1); // producer id
        batch.putShort((short) -1);
        batch.putInt(-1);
        batch.putInt(records);
        return batch.position(0).limit(batch.capacity());
    }

    /** These batches one behind the other. */
    public static ByteBuffer join(Iterable<ByteBuffer> batches) {
        int bytes = 0;
        for (ByteBuffer batch : batches) {
            bytes += batch.remaining();
        }
        ByteBuffer all = ByteBuffer.allocate(bytes);
        for (ByteBuffer batch : batches) {
            all.put(batch.duplicate());
        }
        return all.flip();
    }
}
