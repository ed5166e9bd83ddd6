package dev.surefoot.cli.doctor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.surefoot.cli.doctor.Finding.Severity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Tells what has changed from one report to the next, one line each. Used by one thread. */
final class Changes {

    private final boolean json;
    private final ReportJson format;
    private final Consumer<String> lines;
    private final Map<Subject, Finding> told = new HashMap<>();

    /** What a line is about: a partition as a group sees it, or the group itself, which has no partition. */
    private record Subject(String group, Optional<TopicPartition> partition) {}

    Changes(boolean json, boolean withBurrow, Consumer<String> lines) {
        this.json = json;
        this.format = new ReportJson(withBurrow);
        this.lines = lines;
    }

    /** Remembers what was printed in full. */
    void start(List<Report> reports) {
        reports.forEach(report -> told.putAll(findings(report)));
    }

    /**
     * Prints a line for each partition, and for each group, whose finding has changed, or which is not seen any more.
     * It is no change that a partition which is fine is fine in another way, nor that something is undecided: both come
     * and go with every record.
     */
    void tell(List<Report> reports) {
        for (Report report : reports) {
            Map<Subject, Finding> now = findings(report);
            now.forEach((subject, found) -> {
                if (found.cause() != Cause.UNDECIDED) {
                    Finding before = told.put(subject, found);
                    if (isChange(before, found)) {
                        lines.accept(json ? json(report, subject, found) : line(report, subject, found, before));
                    }
                }
            });
            String group = groupOf(report);
            told.entrySet().removeIf(each -> {
                boolean gone = each.getKey().group().equals(group) && !now.containsKey(each.getKey());
                if (gone) {
                    lines.accept(json ? json(report, each.getKey()) : line(report, each.getKey(), each.getValue()));
                }
                return gone;
            });
        }
    }

    private static boolean isChange(@Nullable Finding before, Finding now) {
        return before == null
                || (!(before.severity() == Severity.FINE && now.severity() == Severity.FINE)
                        && !ReportText.verdict(before).equals(ReportText.verdict(now)));
    }

    private static String groupOf(Report report) {
        return report.examination().last().group().id();
    }

    /** Returns all findings, that about the group first. */
    private static Map<Subject, Finding> findings(Report report) {
        String group = groupOf(report);
        Map<Subject, Finding> findings = new LinkedHashMap<>();
        report.group().ifPresent(found -> findings.put(new Subject(group, Optional.empty()), found));
        report.partitions()
                .forEach(each -> findings.put(new Subject(group, Optional.of(each.partition())), each.finding()));
        return findings;
    }

    private static String line(Report report, Subject subject, Finding found, @Nullable Finding before) {
        String change = ReportText.verdict(found) + (before == null ? "" : " (was " + ReportText.verdict(before) + ")");
        String evidence = found.evidence().isEmpty() ? "" : " - " + String.join("; ", found.evidence());
        return heading(report, subject) + change + evidence;
    }

    /** Returns the line about what is not seen any more; of a group it says that nothing is wrong with it now. */
    private static String line(Report report, Subject subject, Finding before) {
        return heading(report, subject)
                + (subject.partition().isPresent() ? "not seen any more" : "in order")
                + " (was " + ReportText.verdict(before) + ")";
    }

    private static String heading(Report report, Subject subject) {
        List<String> words = new ArrayList<>();
        words.add(Spoken.time(report.examination().nowMs()));
        if (!subject.group().isEmpty()) {
            words.add("group " + subject.group());
        }
        subject.partition().ifPresent(each -> words.add(each.toString()));
        return String.join(" ", words) + ": ";
    }

    private String json(Report report, Subject subject, Finding found) {
        ObjectNode change = ReportJson.begin("change", report);
        ObjectNode what = subject.partition()
                .flatMap(partition -> report.partitions().stream()
                        .filter(each -> each.partition().equals(partition))
                        .findFirst())
                .map(format::partition)
                .orElseGet(() -> ReportJson.finding(found));
        change.setAll(what);
        return change.toString();
    }

    private static String json(Report report, Subject subject) {
        ObjectNode end = ReportJson.begin("end", report);
        subject.partition().ifPresent(each -> end.put("topic", each.topic()).put("partition", each.partition()));
        return end.toString();
    }
}
