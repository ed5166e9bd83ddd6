package dev.surefoot.cli.doctor;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Tells what has changed from one report to the next, one line each. Used by one thread. */
final class Changes {

    private final boolean json;
    private final ReportJson format;
    private final Consumer<String> lines;
    private final Map<String, String> told = new HashMap<>();

    Changes(boolean json, boolean withBurrow, Consumer<String> lines) {
        this.json = json;
        this.format = new ReportJson(withBurrow);
        this.lines = lines;
    }

    /** Remembers what was printed in full. */
    void start(List<Report> reports) {
        reports.forEach(report -> report.partitions().forEach(each -> told.put(key(report, each), word(each))));
    }

    /** Prints a line for each partition whose finding has changed. */
    void tell(List<Report> reports) {
        for (Report report : reports) {
            for (PartitionReport each : report.partitions()) {
                String before = told.put(key(report, each), word(each));
                if (!word(each).equals(before)) {
                    lines.accept(json ? jsonLine(report, each) : line(report, each, before));
                }
            }
        }
    }

    private static String key(Report report, PartitionReport partition) {
        return report.examination().last().group().id() + "/" + partition.partition();
    }

    private static String word(PartitionReport partition) {
        return ReportText.verdict(partition.finding());
    }

    private static String line(Report report, PartitionReport partition, String before) {
        List<String> words = new ArrayList<>();
        words.add(Spoken.time(report.examination().nowMs()));
        String group = report.examination().last().group().id();
        if (!group.isEmpty()) {
            words.add("group " + group);
        }
        words.add(partition.partition() + ":");
        words.add(word(partition) + (before == null ? "" : " (was " + before + ")"));
        if (!partition.finding().evidence().isEmpty()) {
            words.add("- " + String.join("; ", partition.finding().evidence()));
        }
        return String.join(" ", words);
    }

    private String jsonLine(Report report, PartitionReport partition) {
        ObjectNode change = JsonNodeFactory.instance
                .objectNode()
                .put("at", Instant.ofEpochMilli(report.examination().nowMs()).toString())
                .put("group", report.examination().last().group().id());
        change.setAll(format.partition(partition));
        return change.toString();
    }
}
