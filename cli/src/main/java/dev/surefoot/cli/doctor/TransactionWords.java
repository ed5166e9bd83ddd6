package dev.surefoot.cli.doctor;

import java.util.ArrayList;
import java.util.List;

/** An open transaction in words. */
final class TransactionWords {

    private TransactionWords() {}

    /** Returns who holds it, since when, and until when. */
    static List<String> of(OpenTransaction transaction, long nowMs) {
        List<String> words = new ArrayList<>();
        words.add("held back by producer "
                + transaction.transactionalId().map(id -> "'" + id + "', ").orElse("") + "id "
                + transaction.producerId() + ", epoch " + transaction.producerEpoch() + ", since offset "
                + Spoken.number(transaction.startOffset()));
        if (transaction.startedMs().isPresent()) {
            words.add("open for "
                    + Spoken.duration(nowMs - transaction.startedMs().getAsLong()) + " (state " + transaction.state()
                    + ")");
        } else {
            words.add("seen open for " + Spoken.duration(transaction.seenMs()) + ", its last record is of "
                    + Spoken.time(transaction.lastTimestampMs()) + ", by the producer's clock");
        }
        if (transaction.isLate()) {
            words.add("its timeout has passed, and it was seen open for " + Spoken.duration(transaction.seenMs()));
        } else if (transaction.endsAtMs().isPresent()) {
            words.add("it is aborted at " + Spoken.time(transaction.endsAtMs().getAsLong()) + " at the latest");
        }
        words.add(
                switch (transaction.hanging()) {
                    case YES -> "it hangs: no coordinator knows it, asked twice";
                    case NO -> "it does not hang: a coordinator knows it";
                    case UNKNOWN -> "whether it hangs is not known";
                });
        transaction.missing().ifPresent(permission -> words.add("missing: " + permission));
        return words;
    }
}
