package dev.surefoot.cli.demo;

import dev.surefoot.FetchReport;
import java.time.Duration;
import java.util.List;

/**
 * The result of one trial.
 *
 * @param name the contestant
 * @param ledger what it delivered
 * @param elapsed from the first poll to the last record delivered
 * @param stuck the partitions that it had stopped reading; empty if it did not stall
 * @param fetches what its fetches cost
 */
record TrialResult(
        String name, SequenceLedger ledger, Duration elapsed, List<StuckPartition> stuck, FetchReport fetches) {

    TrialResult {
        stuck = List.copyOf(stuck);
    }

    boolean isStalled() {
        return !stuck.isEmpty();
    }

    double seconds() {
        return elapsed.toNanos() / 1e9;
    }
}
