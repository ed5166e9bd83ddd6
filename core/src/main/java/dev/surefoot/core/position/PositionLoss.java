package dev.surefoot.core.position;

/**
 * A position that a broker's word has put an end to, until it is known where reading goes on.
 *
 * @param why what the broker said, without a full stop
 * @param offset the offset that was lost
 * @param how what decides where reading goes on, as a clause that follows "goes on at offset N"
 * @param sameLog whether offsets before and after are of one log, so that they can be compared
 */
public record PositionLoss(String why, long offset, String how, boolean sameLog) {

    /** What happened and what it means for records, now that reading goes on at {@code next}. */
    public String describe(long next) {
        return why + "; goes on at offset " + next + " instead of " + offset + how + effect(next);
    }

    private String effect(long next) {
        if (!sameLog) {
            return ". Check what the application keeps of the old topic";
        }
        if (next > offset) {
            return ", so " + span(offset, next)
                    + " skipped. Check whether the topic's retention is long enough if that was not expected";
        }
        if (next < offset) {
            return ", so " + span(next, offset) + " read again. Check that the application can take records twice";
        }
        return ", so nothing is skipped or read again";
    }

    private static String span(long from, long behind) {
        long count = behind - from;
        return count == 1 ? "offset " + from + " is" : count + " offsets (" + from + " to " + (behind - 1) + ") are";
    }
}
