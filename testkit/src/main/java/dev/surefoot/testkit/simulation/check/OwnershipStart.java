package dev.surefoot.testkit.simulation.check;

/** Checks that the first record of an ownership is the one that the committed offset, or the reset policy, has meant. */
final class OwnershipStart {
    private final String member;
    private final GroupLedger group;

    OwnershipStart(String member, GroupLedger group) {
        this.member = member;
        this.group = group;
    }

    /** The first record is given (G19). */
    void begins(Ownership ownership, long offset) {
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
                    member + " begins with offset " + offset + ", and the coordinator has said " + ownership.answers
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
}
