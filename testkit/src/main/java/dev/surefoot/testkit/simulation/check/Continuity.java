package dev.surefoot.testkit.simulation.check;

import dev.surefoot.testkit.simulation.model.LogBatch.LogRecord;
import dev.surefoot.testkit.simulation.model.ModelPartition;

/**
 * Whether a member is given the records of what it owns one after the other, from the one on that the committed offset
 * or the reset policy has meant. Checks G19 and G21.
 */
final class Continuity {
    private final String name;
    private final GroupLedger group;

    /** @param name of the member, in stories */
    Continuity(String name, GroupLedger group) {
        this.name = name;
        this.group = group;
    }

    /** Checks that the record at this offset of this log is the next one, and notes it. */
    void requireNext(Ownership ownership, ModelPartition log, long offset) {
        if (log != ownership.log) {
            recreated(ownership, log);
        }
        if (offset < ownership.next && !ownership.isOfAnotherTopic && group.isJustRecreated(ownership)) {
            ownership.turnToNewTopic();
        }
        if (ownership.next == Ownership.UNKNOWN) {
            begins(ownership, offset);
        } else {
            goesOn(ownership, offset);
        }
        ownership.next = offset + 1;
    }

    private static void recreated(Ownership ownership, ModelPartition log) {
        if (log.topicId().compareTo(ownership.log.topicId()) < 0) {
            throw new Violation("D1", "a record of a deleted topic after those of the one created since: " + ownership);
        }
        ownership.log = log;
        ownership.turnToNewTopic();
    }

    /** Checks that the first record is the one that the committed offset, or the reset policy, has meant (G19). */
    private void begins(Ownership ownership, long offset) {
        GroupProgress progress = group.progress();
        boolean isMeant =
                ownership.isOfAnotherTopic || progress.isDisturbed(ownership.log) || group.isJustRecreated(ownership);
        for (long answer : ownership.answers) {
            isMeant |= answer >= 0
                    ? offset >= answer && progress.isEmptyBetween(ownership.log, answer, offset)
                    : isResetTo(ownership, offset);
        }
        if (!isMeant) {
            throw new Violation(
                    "G19",
                    name + " begins with offset " + offset + ", and the coordinator has said " + ownership.answers
                            + ": " + ownership);
        }
        if (group.terms().resetsToEnd()) {
            progress.excuse(ownership.log, 0, offset);
        }
    }

    private boolean isResetTo(Ownership ownership, long offset) {
        return group.terms().resetsToEnd()
                ? offset >= ownership.endAtNoOffset
                : group.progress().isEmptyBetween(ownership.log, 0, offset);
    }

    private void goesOn(Ownership ownership, long offset) {
        if (offset < ownership.next) {
            throw new Violation(
                    "G21",
                    name + " gets offset " + offset + " of " + ownership.name + " again, next was " + ownership.next
                            + ": " + ownership);
        }
        LogRecord first = group.progress().firstVisible(ownership.log, ownership.next);
        if (first != null && first.offset() < offset) {
            throw new Violation(
                    "G21",
                    name + " gets offset " + offset + " of " + ownership.name + ", and offset " + first.offset()
                            + " was skipped: " + ownership);
        }
    }
}
