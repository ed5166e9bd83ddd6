package dev.surefoot.cli.consume;

import dev.surefoot.cli.console.Notices;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads as a member of a group, until the options are met for the partitions that it owns, or it is woken up. A record
 * is committed when the output has taken its line.
 */
final class GroupReading implements Reading, ConsumerRebalanceListener {

    private final Consumer<byte[], byte[]> consumer;
    private final TopicChoice topics;
    private final ReadingOptions options;
    private final Printout printout;
    private final OpenPartitions open;
    private final PrintedCommits commits;
    private final Notices rebalances;

    private final Set<TopicPartition> owned = new TreeSet<>(TopicOrder.BY_PARTITION);
    private @Nullable IOException failure;

    /** @param rebalances receives a line for each set of partitions that was gained, given back or lost */
    GroupReading(
            Consumer<byte[], byte[]> consumer,
            TopicChoice topics,
            ReadingOptions options,
            Printout printout,
            OpenPartitions open,
            PrintedCommits commits,
            Notices rebalances) {
        this.consumer = consumer;
        this.topics = topics;
        this.options = options;
        this.printout = printout;
        this.open = open;
        this.commits = commits;
        this.rebalances = rebalances;
    }

    @Override
    public void run() throws IOException {
        topics.subscribe(consumer, this);
        while (!isDone()) {
            ConsumerRecords<byte[], byte[]> polled =
                    consumer.poll(printout.holdsRecords() ? Duration.ZERO : TopicReading.POLL);
            if (failure != null) {
                throw failure;
            }
            printout.print(polled);
            if (commits.isDue()) {
                commits.commitMeanwhile(printout.written(owned));
            }
            open.removeEnded();
        }
    }

    /** A member that owns nothing waits: partitions may be given to it. */
    private boolean isDone() {
        return printout.isFull() || (!owned.isEmpty() && open.isEmpty());
    }

    @Override
    public void close() throws IOException {
        try {
            if (failure == null) {
                printout.flush();
            }
        } finally {
            commits.commitLast(printout.written(owned));
        }
    }

    @Override
    public String report() {
        return printout.report();
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> gained) {
        owned.addAll(gained);
        rebalances.print("gained " + PartitionsText.of(gained) + owns());
        if (!gained.isEmpty()) {
            open.add(gained, new LogBounds(consumer, gained, options.timeout()));
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
        if (revoked.isEmpty()) {
            return;
        }
        flush();
        try {
            commits.commitGivenBack(printout.written(revoked));
        } finally {
            forget(revoked);
            rebalances.print("gave back " + PartitionsText.of(revoked) + owns());
        }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> lost) {
        if (lost.isEmpty()) {
            return;
        }
        flush();
        forget(lost);
        rebalances.print("lost " + PartitionsText.of(lost) + owns() + "; what was printed of them since the last commit"
                + " will be read again");
    }

    /** Writes out what waits in the buffer. A failure is thrown after the poll: a listener must not throw it. */
    private void flush() {
        try {
            printout.flush();
        } catch (IOException e) {
            failure = e;
        }
    }

    private void forget(Collection<TopicPartition> partitions) {
        owned.removeAll(partitions);
        open.remove(partitions);
        printout.forget(partitions);
        commits.forget(partitions);
    }

    private String owns() {
        return "; owns " + PartitionsText.of(owned);
    }
}
