package dev.surefoot.testkit.simulation.check;

import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.PartitionReport;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.core.session.Verdict.Doubt;
import dev.surefoot.core.session.Verdict.DoubtReason;
import dev.surefoot.testkit.simulation.check.Judgement.Usable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** Compares a handler's verdict on an answer with the correct judgement. */
public final class VerdictCheck {
    private final Judgement judgement;

    private VerdictCheck(Judgement judgement) {
        this.judgement = judgement;
    }

    /**
     * Compares a verdict with the judgement of the same answer.
     *
     * @throws Violation if the two differ
     */
    public static void check(Verdict verdict, Judgement judgement, FetchAnswer answer) {
        new VerdictCheck(judgement).check(verdict, answer);
    }

    private void check(Verdict verdict, FetchAnswer answer) {
        boolean right =
                switch (judgement.kind()) {
                    case IGNORED -> verdict.kind() == Verdict.Kind.IGNORED;
                    case REFUSED -> verdict.error() == answer.error();
                    case DIVERGED -> verdict.kind() == Verdict.Kind.SESSION_MISMATCH;
                    case ORDERLY -> verdict.kind() == Verdict.Kind.ACCEPTED;
                };
        if (verdict instanceof Verdict.Accepted accepted) {
            checkUse(accepted);
        }
        if (!right) {
            throw new Violation(
                    judgement.because(), "an answer that is " + judgement.kind() + " is taken for " + name(verdict));
        }
    }

    private static String name(Verdict verdict) {
        return verdict.getClass().getSimpleName();
    }

    private void checkUse(Verdict.Accepted accepted) {
        Set<TopicPartition> used = new HashSet<>();
        for (PartitionReport report : accepted.reports()) {
            TopicPartition name = report.partition();
            if (!used.add(name)) {
                throw new Violation("I27", name + " is used twice, from one answer");
            }
            checkReport(report);
        }
        for (TopicPartition name : judgement.usable().keySet()) {
            if (!used.contains(name)) {
                throw new Violation("I25", "what the answer says of " + name + " is lost");
            }
        }
        Map<TopicPartition, DoubtReason> doubted = new HashMap<>();
        for (Doubt doubt : accepted.doubts()) {
            doubted.put(doubt.partition(), doubt.reason());
        }
        if (!doubted.equals(judgement.doubted())) {
            boolean unreported = judgement.doubted().containsValue(DoubtReason.ADDITION_NOT_REPORTED);
            throw new Violation(
                    unreported ? "I24" : "I23", "doubts " + doubted + " rather than " + judgement.doubted());
        }
        if (judgement.outcome() != null && accepted.outcome() != judgement.outcome()) {
            throw new Violation(
                    "I16", "takes the session for " + accepted.outcome() + ", which is " + judgement.outcome());
        }
    }

    private void checkReport(PartitionReport report) {
        TopicPartition name = report.partition();
        Usable usable = judgement.usable().get(name);
        if (usable == null) {
            String property = judgement.doubted().containsKey(name)
                    ? "I23"
                    : judgement.kind() == Judgement.Kind.ORDERLY ? "I17" : judgement.because();
            throw new Violation(property, name + " is used, which this answer is no reason for");
        }
        if (!report.target().equals(usable.target())) {
            throw new Violation(
                    "I19",
                    name + " was asked for as " + Wording.target(usable.target()) + ", and is used as "
                            + Wording.target(report.target()));
        }
        if (!report.answer().equals(usable.answer())) {
            throw new Violation("I17", "what is used of " + name + " is not what this answer says");
        }
    }
}
