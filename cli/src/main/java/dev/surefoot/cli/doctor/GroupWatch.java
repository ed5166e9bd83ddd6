package dev.surefoot.cli.doctor;

import dev.surefoot.cli.doctor.Examination.Question;
import java.util.function.LongSupplier;

/** Looks at one group, or one topic, again and again, and remembers what it has seen. Used by one thread. */
final class GroupWatch {

    private final SampleLook look;
    private final BackgroundLook details;
    private final Question question;
    private final LongSupplier wallMs;
    private final SampleLog samples;
    private Background background = Background.NOTHING;

    GroupWatch(SampleLook look, BackgroundLook details, Question question, LongSupplier wallMs) {
        this.look = look;
        this.details = details;
        this.question = question;
        this.wallMs = wallMs;
        this.samples = new SampleLog(question.lookMs(), question.isolation());
    }

    /** Takes a sample, and forgets what is too old. */
    void sample() {
        samples.add(look.take());
    }

    boolean hasSeen() {
        return !samples.isEmpty();
    }

    /** Asks about open transactions. */
    void askAboutTransactions() {
        details.askAboutTransactions(seen());
    }

    /** Asks all that matters for what was seen. */
    void askDetails(boolean peek) {
        background = details.ask(seen(), peek);
    }

    /** Returns what can be said now. */
    Report report() {
        return Diagnosis.of(seen());
    }

    private Examination seen() {
        return new Examination(samples.samples(), samples.paces(), background, question, wallMs.getAsLong());
    }
}
