package dev.surefoot.cli.doctor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.surefoot.cli.doctor.Finding.Certainty;
import dev.surefoot.cli.doctor.GroupView.Phase;
import dev.surefoot.cli.doctor.PartitionView.LogEnds;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A report for programs: one object.
 *
 * @param withBurrow whether to show what Burrow would say
 */
record ReportJson(boolean withBurrow) {

    /** Returns the whole report. */
    ObjectNode of(Report report) {
        Examination all = report.examination();
        ObjectNode json = begin("report", report);
        json.put("lookedForMs", all.lookedForMs()).put("exitCode", report.exitCode());
        report.group().ifPresent(found -> json.set("groupFinding", finding(found)));
        if (withBurrow) {
            json.put("burrow", ReportText.burrow(report).name());
        }
        ArrayNode partitions = json.putArray("partitions");
        report.partitions().forEach(each -> partitions.add(partition(each)));
        ArrayNode missing = json.putArray("missing");
        all.background().missing().forEach(missing::add);
        return json;
    }

    /** Returns what each object begins with: its type, the time, and the group if one was looked at. */
    static ObjectNode begin(String type, Report report) {
        Examination all = report.examination();
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("type", type)
                .put("at", Instant.ofEpochMilli(all.nowMs()).toString());
        GroupView group = all.last().group();
        if (group.phase() != Phase.ABSENT) {
            json.set("group", group(group));
        }
        return json;
    }

    private static ObjectNode group(GroupView group) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", group.id())
                .put("state", group.state())
                .put("protocol", group.protocol())
                .put("members", group.members().size());
        put(json, "coordinator", group.coordinator());
        put(json, "epoch", group.epoch());
        return json;
    }

    /** Returns one partition with its finding. */
    ObjectNode partition(PartitionReport report) {
        ObjectNode json = finding(report.finding());
        json.put("topic", report.partition().topic())
                .put("partition", report.partition().partition())
                .put("member", report.member())
                .put("readPerSecond", rounded(report.readPerSecond()))
                .put("writtenPerSecond", rounded(report.writtenPerSecond()));
        LogEnds ends = report.view().ends();
        put(json, "leader", report.view().replicas().leader());
        put(json, "committed", report.view().commit().offset());
        put(json, "start", ends.start());
        put(json, "stable", ends.stable());
        put(json, "end", ends.highWatermark());
        put(json, "lag", report.lag());
        if (withBurrow) {
            json.put("burrow", report.burrow().name());
        }
        return json;
    }

    static ObjectNode finding(Finding finding) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("cause", finding.cause().name())
                .put("severity", finding.severity().name())
                .put("suspected", finding.certainty() == Certainty.SUSPECTED)
                .put("party", finding.cause().party().name().toLowerCase(Locale.ROOT));
        ArrayNode evidence = json.putArray("evidence");
        finding.evidence().forEach(evidence::add);
        return json.put("advice", finding.cause().advice());
    }

    private static void put(ObjectNode json, String name, OptionalLong value) {
        value.ifPresent(each -> json.put(name, each));
    }

    private static void put(ObjectNode json, String name, OptionalInt value) {
        value.ifPresent(each -> json.put(name, each));
    }

    private static double rounded(double value) {
        return Math.round(value * 1e3) / 1e3;
    }
}
