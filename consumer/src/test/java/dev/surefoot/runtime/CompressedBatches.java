package dev.surefoot.runtime;

import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchedAnswer;
import dev.surefoot.core.handover.FetchedBatches;
import dev.surefoot.core.handover.Watermarks;
import dev.surefoot.core.records.Lease;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Deliveries of batches that kafka-clients has written, and the holds on their memory. */
final class CompressedBatches {

    private static final CompressionType[] CODECS = CompressionType.values();

    private final List<Held> leases = new ArrayList<>();

    /** Counts its holds, from any thread. */
    static final class Held implements Lease {
        private final AtomicInteger holds = new AtomicInteger(1);

        @Override
        public void retain() {
            holds.incrementAndGet();
        }

        @Override
        public void release() {
            holds.decrementAndGet();
        }

        @Override
        public boolean held() {
            return holds.get() > 0;
        }

        @Override
        public int bytes() {
            return 1;
        }
    }

    /** Holds on all that was delivered. */
    int holds() {
        return leases.stream().mapToInt(lease -> lease.holds.get()).sum();
    }

    /** The same delivery once more, with a lease of its own. */
    Delivery.Records copy(Delivery.Records records) {
        Held lease = new Held();
        leases.add(lease);
        return new Delivery.Records(
                records.partition(),
                records.generation(),
                new FetchedBatches(
                        records.fetchOffset(),
                        records.nextOffset(),
                        records.records(),
                        records.abortedTransactions(),
                        lease),
                records.watermarks(),
                new FetchedAnswer().addDelivery());
    }

    /** @param baseOffset of the first batch, at most what was fetched from */
    Delivery.Records delivery(
            TopicPartition partition, long generation, long fetchOffset, long baseOffset, List<ByteBuffer> batches) {
        int size = batches.stream().mapToInt(ByteBuffer::remaining).sum();
        ByteBuffer joined = ByteBuffer.allocateDirect(size);
        batches.forEach(batch -> joined.put(batch.duplicate()));
        Held lease = new Held();
        leases.add(lease);
        long next = baseOffset + 10L * batches.size();
        return new Delivery.Records(
                partition,
                generation,
                new FetchedBatches(fetchOffset, next, joined.flip(), List.of(), lease),
                new Watermarks(next, next, 0),
                new FetchedAnswer().addDelivery());
    }

    /**
     * Some batches of ten records each, one after another; a few are damaged, and a few decompress to more than 1 MiB.
     */
    static List<ByteBuffer> random(Random random, long baseOffset) {
        List<ByteBuffer> batches = new ArrayList<>();
        for (int count = 1 + random.nextInt(5); count > 0; count--) {
            long offset = baseOffset + 10L * batches.size();
            CompressionType codec = CODECS[random.nextInt(CODECS.length)];
            ByteBuffer batch = codec != CompressionType.NONE && random.nextInt(40) == 0
                    ? bomb(codec, offset, 120_000)
                    : batch(random, codec, offset, random.nextInt(4000));
            if (random.nextInt(40) == 0) {
                int at = batch.limit() - 1 - random.nextInt(batch.limit() - 61);
                batch.put(at, (byte) (batch.get(at) + 1));
            }
            batches.add(batch);
        }
        return batches;
    }

    /** A batch of ten records with values of so many bytes. */
    static ByteBuffer batch(Random random, CompressionType codec, long baseOffset, int valueBytes) {
        SimpleRecord[] records = new SimpleRecord[10];
        for (int i = 0; i < records.length; i++) {
            StringBuilder value = new StringBuilder(Long.toString(baseOffset + i));
            while (value.length() < valueBytes) {
                value.append(' ').append(random.nextInt(10_000));
            }
            records[i] = new SimpleRecord(1, null, value.toString().getBytes(StandardCharsets.US_ASCII));
        }
        return MemoryRecords.withRecords(baseOffset, Compression.of(codec).build(), 0, records)
                .buffer();
    }

    /** A batch of ten records that shrinks to next to nothing. */
    static ByteBuffer bomb(CompressionType codec, long baseOffset, int valueBytes) {
        SimpleRecord[] records = new SimpleRecord[10];
        for (int i = 0; i < records.length; i++) {
            records[i] = new SimpleRecord(1, null, new byte[valueBytes]);
        }
        return MemoryRecords.withRecords(baseOffset, Compression.of(codec).build(), 0, records)
                .buffer();
    }
}
