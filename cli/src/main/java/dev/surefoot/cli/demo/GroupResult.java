package dev.surefoot.cli.demo;

import java.time.Duration;

/**
 * The result of the group's act.
 *
 * @param ledger what its members did
 * @param killed the member that was killed
 * @param committed the offsets that were committed at the end, added up: as many as there are records
 * @param takeover from the kill to the moment when all that was left had been processed
 * @param elapsed from the first record to the last
 */
record GroupResult(ProcessedRecords ledger, String killed, long committed, Duration takeover, Duration elapsed) {

    /** Returns whether every record was processed and committed, and only those again that had to be. */
    boolean holds() {
        return ledger.missing() == 0
                && ledger.damaged() == 0
                && ledger.unexplained() == 0
                && committed == ledger.records();
    }

    ProcessedRecords.Account ofKilled() {
        return ledger.accounts().getOrDefault(killed, new ProcessedRecords.Account(0, 0));
    }
}
