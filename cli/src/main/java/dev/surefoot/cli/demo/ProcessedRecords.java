package dev.surefoot.cli.demo;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Accounts for every record of the demo's topic: who processed it, who processed it again, and whether that had to be.
 * A record has to be processed again if a member was killed that had processed and not committed it. Safe from any
 * thread.
 *
 * <p>Partition p of n contains the records p, p + n, p + 2n and so on.
 */
final class ProcessedRecords {

    private final long records;
    private final int partitions;
    private final List<BitSet> processed = new ArrayList<>();
    private final List<BitSet> byKilled = new ArrayList<>();
    private final List<BitSet> bySurvivors = new ArrayList<>();
    private final Map<String, Account> accounts = new TreeMap<>();
    private final String killed;
    private final long[] committedAtKill;

    private long distinct;
    private long damaged;
    private long unexplained;

    /**
     * What one member did.
     *
     * @param processed records, those again included
     * @param again records that another one had processed before, or itself
     */
    record Account(long processed, long again) {}

    /** @param killed the member that is killed */
    ProcessedRecords(long records, int partitions, String killed) {
        this.records = records;
        this.partitions = partitions;
        this.killed = killed;
        this.committedAtKill = new long[partitions];
        for (int i = 0; i < partitions; i++) {
            processed.add(new BitSet());
            byKilled.add(new BitSet());
            bySurvivors.add(new BitSet());
        }
    }

    /** Enters what a member has processed. */
    synchronized void enter(String member, MemberReport.Processed report) {
        int partition = report.partition();
        boolean isKilled = member.equals(killed);
        long again = 0;
        for (long offset = report.first(); offset <= report.last(); offset++) {
            int place = Math.toIntExact(offset);
            if (processed.get(partition).get(place)) {
                again++;
                // Only what the killed member alone has processed before is processed again by another one.
                boolean isTakenOver = !isKilled && !bySurvivors.get(partition).get(place);
                unexplained += isTakenOver ? 0 : 1;
            } else {
                processed.get(partition).set(place);
                distinct += offset < end(partition) ? 1 : 0;
                damaged += offset < end(partition) ? 0 : 1;
            }
            (isKilled ? byKilled : bySurvivors).get(partition).set(place);
        }
        damaged += report.damaged();
        long count = report.last() - report.first() + 1;
        Account before = accounts.getOrDefault(member, new Account(0, 0));
        accounts.put(member, new Account(before.processed() + count, before.again() + again));
    }

    /** Enters the offset that was committed when the member had been killed. */
    synchronized void enterCommittedAtKill(int partition, long offset) {
        committedAtKill[partition] = offset;
    }

    /** Returns how many records were processed at least once. */
    synchronized long distinct() {
        return distinct;
    }

    synchronized long records() {
        return records;
    }

    /** Returns how many records nobody has processed. */
    synchronized long missing() {
        return records - distinct;
    }

    /** Returns how many records had other bytes than those written at their offset. */
    synchronized long damaged() {
        return damaged;
    }

    /** Returns how many times a record was processed that had been processed before. */
    synchronized long again() {
        return accounts.values().stream().mapToLong(Account::again).sum();
    }

    /**
     * Returns how many times that was without need: the record was committed, or no member was killed that had
     * processed it.
     */
    synchronized long unexplained() {
        long needless = 0;
        for (int partition = 0; partition < partitions; partition++) {
            BitSet both = (BitSet) byKilled.get(partition).clone();
            both.and(bySurvivors.get(partition));
            needless += both.get(0, Math.toIntExact(committedAtKill[partition])).cardinality();
        }
        return needless + unexplained;
    }

    /** Returns how many records the killed member had processed and not committed. */
    synchronized long uncommittedAtKill() {
        long uncommitted = 0;
        for (int partition = 0; partition < partitions; partition++) {
            BitSet theirs = (BitSet) byKilled.get(partition).clone();
            theirs.clear(0, Math.toIntExact(committedAtKill[partition]));
            uncommitted += theirs.cardinality();
        }
        return uncommitted;
    }

    /** Returns what each member did, by its name. */
    synchronized Map<String, Account> accounts() {
        return new TreeMap<>(accounts);
    }

    /** Returns whether every record is processed, and all that the killed member left is taken over. */
    synchronized boolean isComplete() {
        for (int partition = 0; partition < partitions; partition++) {
            int end = Math.toIntExact(end(partition));
            boolean isRead = end == 0
                    || committedAtKill[partition] >= end
                    || bySurvivors.get(partition).get(end - 1);
            if (!isRead) {
                return false;
            }
        }
        return missing() == 0;
    }

    /** Returns how many records the partition contains. */
    private long end(int partition) {
        return (records - partition + partitions - 1) / partitions;
    }
}
