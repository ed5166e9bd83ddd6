package dev.surefoot.core.model;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;

/** One partition of a model cluster: its batches, who leads it, and what it is known as. */
public final class ModelLog {

    private record Batch(long baseOffset, int records, int epoch, int payloadBytes) {
        long endOffset() {
            return baseOffset + records;
        }

        ByteBuffer bytes() {
            return ModelBatches.batch(baseOffset, records, epoch, payloadBytes);
        }
    }

    final List<Batch> batches = new ArrayList<>();
    public Uuid topicId;
    public int leader;
    public int epoch = 1;
    public long startOffset;
    /** How many offsets below the end have no records, as compaction may leave it. */
    public long emptyTail;
    /** The replica that the leader sends consumers to, or -1. */
    public int preferredReplica = -1;
    /** A broker that has stopped to replicate and goes on answering that there is nothing new, or -1: a fault. */
    public int frozenAt = -1;
    /** Whether the broker serves batches from before the fetch offset only: a fault. */
    public boolean servesLowBatches;

    ModelLog(Uuid topicId, int leader) {
        this.topicId = topicId;
        this.leader = leader;
    }

    public long endOffset() {
        return emptyTail
                + (batches.isEmpty()
                        ? startOffset
                        : batches.get(batches.size() - 1).endOffset());
    }

    /** Appends batches of one size under the current leader epoch. */
    public void append(int count, int recordsEach, int payloadBytes) {
        for (int i = 0; i < count; i++) {
            batches.add(new Batch(endOffset(), recordsEach, epoch, payloadBytes));
            emptyTail = 0;
        }
    }

    /** Another leader takes over, under a new epoch. */
    public void moveTo(int newLeader) {
        leader = newLeader;
        epoch++;
    }

    /** Cuts the log to this end, as an unclean election does. */
    public void truncateTo(long endOffset) {
        batches.removeIf(batch -> batch.endOffset() > endOffset);
    }

    /** Removes what lies before this offset. */
    public void deleteBefore(long offset) {
        batches.removeIf(batch -> batch.endOffset() <= offset);
        startOffset = offset;
    }

    /** The largest epoch at or below the one asked for, or -1. */
    int epochAtMost(int asked) {
        return batches.stream()
                .mapToInt(Batch::epoch)
                .filter(epoch -> epoch <= asked)
                .max()
                .orElse(-1);
    }

    /** The first offset after an epoch. */
    long endOf(int asked) {
        return batches.stream()
                .filter(batch -> batch.epoch() <= asked)
                .mapToLong(Batch::endOffset)
                .max()
                .orElse(-1);
    }

    /** Whole batches from the one that holds this offset, at most so many bytes but at least one batch. */
    ByteBuffer read(long offset, int maxBytes) {
        List<ByteBuffer> read = new ArrayList<>();
        int bytes = 0;
        for (Batch batch : batches) {
            boolean wanted = servesLowBatches ? batch.endOffset() <= offset : batch.endOffset() > offset;
            if (wanted) {
                ByteBuffer next = batch.bytes();
                bytes += next.remaining();
                if (!read.isEmpty() && bytes > maxBytes) {
                    break;
                }
                read.add(next);
            }
        }
        return ModelBatches.join(read);
    }
}
