package dev.surefoot.core.position;

/**
 * A position that an answer of a broker has made invalid. It is reported when the next position is known. Immutable.
 *
 * @param why why the position is invalid, without a full stop
 * @param offset the offset that was lost
 * @param how what decides about the next position, as a clause after "goes on at offset N instead of M"; may be empty
 * @param sameLog whether both offsets belong to the same log, so that they can be compared
 */
public record PositionLoss(String why, long offset, String how, boolean sameLog) {

    /**
     * Describes the loss and its effect on records, for the log.
     *
     * @param next the offset at which reading continues
     */
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
