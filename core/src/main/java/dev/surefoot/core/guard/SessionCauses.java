package dev.surefoot.core.guard;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.StallCause;
import org.jspecify.annotations.Nullable;

/**
 * The causes that show in what brokers tell within a session: that there is nothing more to read, and what contradicts
 * that. A query; it changes nothing. Owned by the loop's thread.
 */
final class SessionCauses {
    /** Answers in a row from which on a repeated fault is not a matter of chance. */
    private static final int IN_A_ROW = 3;

    private final Surroundings surroundings;
    private final EndCauses ends;

    SessionCauses(Surroundings surroundings, EndCauses ends) {
        this.surroundings = surroundings;
        this.ends = ends;
    }

    /** Whether all that there is to read has been read. */
    @Nullable Conclusion ofProof(Look look) {
        long end = look.ledger.readableEnd(look.settings.readCommitted());
        if (!look.standing || end < 0) {
            return null;
        }
        if (look.ledger.consumed() < end && !ends.isNothingLeft(look.ledger)) {
            return null;
        }
        if (look.ledger.consumed() > look.ledger.highWatermark() && !look.isNew()) {
            // A broker that was asked from here would refuse, or tell another end: its session has another position.
            // What it told before the partition was asked for from here says nothing of that.
            return isSilent(look) ? look.here(StallCause.PARTITION_LOST_FROM_SESSION, evidence(look)) : null;
        }
        return ends.conclude(look.ledger, look.marks(), look.nowNanos);
    }

    /**
     * Whether what the session brings contradicts what is known.
     *
     * @param node the broker that is asked, or -1
     */
    @Nullable Conclusion ofSession(Look look, int node) {
        if (node >= 0 && surroundings.isHeldBack(node) && !look.isMoving()) {
            Surroundings.Memory memory = surroundings.memory();
            return new Conclusion(
                    StallCause.BUFFER_FULL_OF_OTHERS,
                    new Scope.Broker(node),
                    new Evidence.Buffer(look.marks(), memory.heldBytes(), memory.capacityBytes()));
        }
        if (look.ledger.doubts() >= IN_A_ROW) {
            return look.here(StallCause.LOG_DOES_NOT_LEAD_ON, evidence(look));
        }
        boolean goesOn = look.ledger.movedNanos() > look.broker.mismatchedNanos();
        if (look.broker.mismatches(look.nowNanos) >= IN_A_ROW && !goesOn) {
            return new Conclusion(StallCause.SESSION_DIVERGED, new Scope.Broker(look.ledger.nodeId()), evidence(look));
        }
        boolean isBehind = ends.isBehind(look.ledger);
        // An answer that has named the partition since then may have refused it.
        boolean isServed = silentAnswers(look) > 0 || look.ledger.looksEmpty(look.settings.readCommitted());
        if (isBehind && isServed && look.isSettled() && ends.isRemote(look.ledger, look.holder)) {
            return ends.remote(look.ledger, look.marks(), look.nowNanos);
        }
        boolean isAwaited = isBehind || isUntold(look);
        return isAwaited && isSilent(look) ? look.here(StallCause.PARTITION_LOST_FROM_SESSION, evidence(look)) : null;
    }

    /**
     * Whether nobody has told where the log ends: the broker has refused the partition, or has never named it. One that
     * does not refuse it any more, or has it in its session anew, names it in the next answer.
     */
    private static boolean isUntold(Look look) {
        return look.ledger.readableEnd(look.settings.readCommitted()) < 0;
    }

    /** Whether the session has been silent about the partition although it had room for its records. */
    private static boolean isSilent(Look look) {
        return silentAnswers(look) >= IN_A_ROW;
    }

    private static long silentAnswers(Look look) {
        return Math.max(0, look.holder.silentAnswers(look.ledger.silence().sinceShares()));
    }

    /**
     * Whether the answers of the session are full of other partitions' records, and this one's turn is yet to come: who
     * is slower then, the application or what it reads from.
     */
    @Nullable Conclusion ofTurn(Look look) {
        // A session that does not go on gives no partition its turn; one that is named in each answer has had it.
        long fullNanos = look.broker.fullNanos();
        boolean isOfOthers = look.recently(fullNanos, look.settings.timing().exchangeNanos())
                && look.ledger.mentionedNanos() < fullNanos;
        if (!isOfOthers || !ends.isBehind(look.ledger) || look.ledger.nodeId() < 0) {
            return null;
        }
        boolean isOfApplication = surroundings.waitsForApplication(look.ledger.nodeId());
        return look.here(isOfApplication ? StallCause.APPLICATION_SLOW : StallCause.FETCH_SLOW, evidence(look));
    }

    /** How the session does. */
    Evidence evidence(Look look) {
        return new Evidence.Session(
                look.marks(),
                look.ledger.silence().heldBy() < 0
                        ? look.ledger.nodeId()
                        : look.ledger.silence().heldBy(),
                silentAnswers(look),
                look.ageMs(look.ledger.mentionedNanos()),
                look.broker.mismatches(look.nowNanos),
                look.ledger.doubts());
    }

    /** Answers that are refused or contradict their session show nothing of any partition. */
    @Nullable Conclusion ofDisorder(Look look, int node, BrokerLedger asked) {
        Verdict last = asked.disorder();
        if (last == null) {
            return null;
        }
        BrokerError error = last.error();
        Scope ofBroker = new Scope.Broker(node);
        Conclusion found = error == null
                ? new Conclusion(StallCause.SESSION_DIVERGED, ofBroker, evidence(look))
                : new Conclusion(
                        StallCause.BROKER_ERRORS,
                        ofBroker,
                        new Evidence.Fault(
                                look.marks(),
                                node,
                                error.name(),
                                asked.disordersInARow(),
                                look.ageMs(asked.disorderNanos())));
        return found.with(Conclusion.Weight.EARLY);
    }
}
