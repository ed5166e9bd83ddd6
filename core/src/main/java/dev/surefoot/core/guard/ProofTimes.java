package dev.surefoot.core.guard;

/** For how long it holds what a broker has told of the end of a log. Owned by the loop's thread. */
final class ProofTimes {
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final GuardSettings.Timing timing;

    ProofTimes(GuardSettings.Timing timing) {
        this.timing = timing;
    }

    /**
     * Until when a proof stands if nothing more is heard, or {@link PartitionLedger#NEVER}: while its session is live
     * and the audit of sessions would have shown it to be wrong. What the leader has answered itself needs no session.
     *
     * @param partitions how many partitions are assigned
     */
    long standsUntilNanos(PartitionLedger ledger, BrokerLedger broker, int partitions) {
        long exchangeNanos = timing.exchangeNanos();
        long auditNanos = timing.auditNanos() + exchangeNanos + partitions / 64 * (SECOND_NANOS / 10);
        long byLeader =
                ledger.endedNanos() == PartitionLedger.NEVER ? PartitionLedger.NEVER : ledger.endedNanos() + auditNanos;
        if (ledger.toldNanos() == PartitionLedger.NEVER || broker.lastOrderlyNanos() == PartitionLedger.NEVER) {
            return byLeader;
        }
        return Math.max(byLeader, Math.min(broker.lastOrderlyNanos() + exchangeNanos, ledger.toldNanos() + auditNanos));
    }
}
