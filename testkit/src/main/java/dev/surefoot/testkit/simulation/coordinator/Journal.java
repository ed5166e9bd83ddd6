package dev.surefoot.testkit.simulation.coordinator;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * What the coordinator has written to its partition of {@code __consumer_offsets}: all that is left of it once it has
 * moved. The newest writes can be lost, as with an unclean election.
 */
final class Journal {
    /** How many of the newest writes are kept apart, so that they can be lost. */
    private static final int MOST_LOST = 64;

    /** What the writes up to some moment come to. */
    static final class Contents {
        private final Map<String, StoredGroup> groups = new LinkedHashMap<>();
        private final OffsetStore offsets;

        private Contents(OffsetStore offsets) {
            this.offsets = offsets;
        }

        Map<String, StoredGroup> groups() {
            return groups;
        }

        OffsetStore offsets() {
            return offsets;
        }

        private Contents copy() {
            Contents copy = new Contents(offsets.copy());
            copy.groups.putAll(groups);
            return copy;
        }
    }

    private final Contents settled = new Contents(new OffsetStore());
    private final Deque<Consumer<Contents>> newest = new ArrayDeque<>();
    private Errors refusal = Errors.NONE;
    private int refusals;

    /** Fails the next writes with this error. */
    void refuse(Errors error, int times) {
        refusal = error;
        refusals = times;
    }

    /** @return why it was not written, or {@link Errors#NONE} */
    Errors writeGroup(String id, StoredGroup group) {
        return write(contents -> contents.groups.put(id, group));
    }

    Errors deleteGroup(String id) {
        return write(contents -> {
            contents.groups.remove(id);
            contents.offsets.deleteGroup(id);
        });
    }

    /**
     * Writes offsets of one commit.
     *
     * @param producerId that of the transaction, which makes them count once it is committed, or -1
     */
    Errors writeOffsets(String groupId, long producerId, Map<TopicPartition, StoredOffset> offsets) {
        Map<TopicPartition, StoredOffset> written = Map.copyOf(offsets);
        return write(contents -> contents.offsets.put(groupId, producerId, written));
    }

    /** Writes how a transaction ended; that is the transaction coordinator's write, and never fails here. */
    void endTransaction(long producerId, boolean committed) {
        append(contents -> contents.offsets.endTransaction(producerId, committed));
    }

    private Errors write(Consumer<Contents> change) {
        if (refusals > 0) {
            refusals--;
            return refusal;
        }
        append(change);
        return Errors.NONE;
    }

    private void append(Consumer<Contents> change) {
        newest.addLast(change);
        if (newest.size() > MOST_LOST) {
            newest.removeFirst().accept(settled);
        }
    }

    /** @throws IllegalArgumentException if so many writes are not kept apart */
    void loseNewest(int writes) {
        if (writes > MOST_LOST) {
            throw new IllegalArgumentException("at most " + MOST_LOST + " writes can be lost, not " + writes);
        }
        for (int i = 0; i < writes && !newest.isEmpty(); i++) {
            newest.removeLast();
        }
    }

    Contents read() {
        Contents contents = settled.copy();
        newest.forEach(change -> change.accept(contents));
        return contents;
    }
}
