package dev.surefoot.core.handover;

import dev.surefoot.core.records.AbortedTransaction;
import dev.surefoot.core.records.Lease;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Verified record batches of one partition, as a fetch answer brought them.
 *
 * @param fetchOffset the offset that was asked for; records before it are not for the application
 * @param nextOffset the offset behind the last batch, more than {@code fetchOffset}
 * @param records whole batches; a slice of the buffer that {@code lease} keeps
 * @param lease one hold, which the receiver releases when it is done with the records
 */
public record FetchedBatches(
        long fetchOffset,
        long nextOffset,
        ByteBuffer records,
        List<AbortedTransaction> abortedTransactions,
        Lease lease) {}
