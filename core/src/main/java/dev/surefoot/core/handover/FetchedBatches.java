package dev.surefoot.core.handover;

import dev.surefoot.core.records.AbortedTransaction;
import dev.surefoot.core.records.Lease;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Verified record batches of one partition in a fetch answer.
 *
 * @param fetchOffset the fetch offset; records before it are not for the application
 * @param nextOffset the offset after the last batch, above {@code fetchOffset}
 * @param records whole batches, in a slice of the buffer that {@code lease} holds
 * @param lease one hold, which the receiver releases when it has read the records
 */
public record FetchedBatches(
        long fetchOffset,
        long nextOffset,
        ByteBuffer records,
        List<AbortedTransaction> abortedTransactions,
        Lease lease) {}
