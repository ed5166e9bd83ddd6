package dev.surefoot.runtime;

import dev.surefoot.core.guard.Announcement;
import dev.surefoot.progress.Change;
import dev.surefoot.progress.Diagnosis;
import dev.surefoot.progress.ProgressListener;
import dev.surefoot.progress.RecoveryStep;
import dev.surefoot.progress.StallCause;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;

/**
 * Writes the lines of stalls for the people who operate the application: a warning for each, and a line when it ends.
 * What is written, and how often, is decided by {@link Announcement}s. Called by the loop's thread, but for what tells
 * of the loop itself.
 */
final class StallLog {
    private final Logger log;
    private final String clientId;

    StallLog(Logger log, String clientId) {
        this.log = log;
        this.clientId = clientId;
    }

    /** @param since when the partitions began to stand still, by the wall clock */
    void stands(Announcement stall, Instant since) {
        StallCause cause = stall.stalling().cause();
        log.warn(
                "[{}] {} since {}: {}{}. {}{}",
                clientId,
                standing(stall.affected()),
                since.truncatedTo(ChronoUnit.SECONDS),
                cause,
                evidence(stall),
                cause.advice(),
                heldBack(stall));
    }

    private static String standing(Announcement.Affected affected) {
        return switch (affected.count()) {
            case 0 -> "the consumer has no partitions";
            case 1 -> names(affected) + " stands still" + at(affected);
            default -> names(affected) + " stand still" + at(affected);
        };
    }

    /** @param healedBy what recovery did that progress followed, or nothing if it came by itself */
    void goesOn(Announcement end, Optional<RecoveryStep.Action> healedBy) {
        if (end.affected().count() == 0) {
            consumerGoesOn(end);
        } else {
            partitionsGoOn(end, healedBy);
        }
    }

    private void consumerGoesOn(Announcement end) {
        StallCause next = end.next();
        log.info(
                "[{}] the consumer has had no partitions for {} ({}); now {}{}",
                clientId,
                lasted(end),
                end.stalling().cause(),
                next == null ? "it has some" : next,
                heldBack(end));
    }

    private static String lasted(Announcement end) {
        return DurationText.of(Duration.ofNanos(end.untilNanos() - end.sinceNanos()));
    }

    private void partitionsGoOn(Announcement end, Optional<RecoveryStep.Action> healedBy) {
        Announcement.Affected affected = end.affected();
        String lasted = lasted(end);
        StallCause cause = end.stalling().cause();
        StallCause next = end.next();
        boolean one = affected.count() == 1;
        if (next == null) {
            log.info(
                    "[{}] {} {} not assigned any more, after {} of {}{}",
                    clientId,
                    names(affected),
                    one ? "is" : "are",
                    lasted,
                    cause,
                    heldBack(end));
        } else if (isGoingOn(next)) {
            log.info(
                    "[{}] {} {} on{} after {} ({}); healed by {}{}",
                    clientId,
                    names(affected),
                    one ? "goes" : "go",
                    at(affected),
                    lasted,
                    cause,
                    healedBy.map(RecoveryStep.Action::name).orElse("itself"),
                    heldBack(end));
        } else {
            log.info(
                    "[{}] {} stood still for {} ({}); now {}{}",
                    clientId,
                    names(affected),
                    lasted,
                    cause,
                    next,
                    heldBack(end));
        }
    }

    private static boolean isGoingOn(StallCause cause) {
        return switch (cause) {
            case PROGRESSING, CAUGHT_UP, NOTHING_DELIVERABLE, APPLICATION_SLOW, FETCH_SLOW -> true;
            default -> false;
        };
    }

    /** Called by the application's thread. */
    void loopStands(Diagnosis why) {
        log.warn(
                "[{}] the consumer's thread stands still since {}: {} ({}). {}",
                clientId,
                why.since().truncatedTo(ChronoUnit.SECONDS),
                why.cause(),
                why.evidence().sentence(),
                why.cause().advice());
    }

    /**
     * Called by the application's thread.
     *
     * @param lasted until the application has noticed, which may be later than the end
     */
    void loopGoesOn(StallCause cause, Duration lasted) {
        log.info("[{}] the consumer's thread goes on after {} at most ({})", clientId, DurationText.of(lasted), cause);
    }

    void noted(Announcement note) {
        StallCause cause = note.stalling().cause();
        log.info(
                "[{}] {}: {}{}. {}{}",
                clientId,
                note.affected().count() == 0 ? note.stalling().scope() : names(note.affected()),
                cause,
                evidence(note),
                cause.advice(),
                heldBack(note));
    }

    void changed(Change change) {
        if (log.isDebugEnabled()) {
            log.debug("[{}] {}: {}", clientId, change.partition(), change.to());
        }
    }

    void listenerFailed(ProgressListener listener, Throwable failure) {
        log.warn(
                "[{}] {} has thrown; it is called on, and what else it throws is not logged",
                clientId,
                listener.getClass().getName(),
                failure);
    }

    private static String names(Announcement.Affected affected) {
        int others = affected.count() - affected.names().size();
        String names = affected.names().stream().map(TopicPartition::toString).collect(Collectors.joining(", "));
        return others <= 0 ? names : names + " and " + others + (others == 1 ? " more partition" : " more partitions");
    }

    private static String at(Announcement.Affected affected) {
        if (affected.position() < 0) {
            return "";
        }
        return (affected.count() == 1 ? " at " : ", the first at ") + affected.position();
    }

    private static String evidence(Announcement announcement) {
        String sentence = announcement.stalling().evidence().sentence();
        return sentence.isEmpty() ? "" : " (" + sentence + ")";
    }

    private static String heldBack(Announcement announcement) {
        long count = announcement.heldBack();
        return count == 0 ? "" : " " + count + (count == 1 ? " more stall" : " more stalls") + " had no line.";
    }
}
