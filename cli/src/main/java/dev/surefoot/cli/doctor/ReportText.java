package dev.surefoot.cli.doctor;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import dev.surefoot.cli.doctor.Finding.Certainty;
import dev.surefoot.cli.doctor.Finding.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A report for people: a table of partitions, what is wrong with which, and what to do.
 *
 * @param withBurrow whether to show what Burrow would say
 */
record ReportText(boolean withBurrow) {

    /** The most rows of the table; what is not fine comes first. */
    private static final int ROWS_MAX = 40;

    /** The most partitions that are explained one by one for each cause. */
    private static final int EXPLAINED_MAX = 8;

    private static final Comparator<PartitionReport> WORST_FIRST = Comparator.comparing(
                    (PartitionReport each) -> each.finding().severity())
            .thenComparing(each -> each.lag().orElse(0))
            .reversed();

    /** Returns the whole report, in lines. */
    List<String> lines(Report report) {
        List<String> lines = new ArrayList<>();
        lines.add(heading(report));
        report.group().ifPresent(found -> lines.addAll(explained("the group", found)));
        if (!report.partitions().isEmpty()) {
            lines.addAll(table(report).lines().toList());
        }
        lines.addAll(explanations(report));
        report.examination().background().missing().forEach(each -> lines.add("Not seen: " + each));
        if (withBurrow) {
            lines.add("Burrow would say: " + burrow(report));
        }
        lines.add(conclusion(report));
        return lines;
    }

    /** Returns what Burrow would say of the group. */
    static BurrowStatus burrow(Report report) {
        return BurrowStatus.ofGroup(
                report.partitions().stream().map(PartitionReport::burrow).toList());
    }

    private static String heading(Report report) {
        GroupView group = report.examination().last().group();
        String time = ", looked at for " + Spoken.duration(report.examination().lookedForMs());
        if (group.phase() == GroupView.Phase.ABSENT) {
            return "no group" + time;
        }
        if (!group.isDescribed()) {
            return "group " + group.id() + time;
        }
        String protocol = group.protocol().isEmpty() ? "" : group.protocol() + " protocol, ";
        String coordinator = group.coordinator().isPresent()
                ? ", coordinator is broker " + group.coordinator().getAsInt()
                : "";
        return "group " + group.id() + " (" + protocol + "state " + group.state() + ", members: "
                + group.members().size() + coordinator + ")" + time;
    }

    private String table(Report report) {
        List<PartitionReport> rows =
                report.partitions().stream().sorted(WORST_FIRST).limit(ROWS_MAX).toList();
        List<ColumnData<PartitionReport>> columns = new ArrayList<>();
        columns.add(left("partition", each -> each.partition().toString()));
        columns.add(right("committed", each -> figure(each.view().commit().offset())));
        columns.add(right("end", each -> figure(each.view().ends().highWatermark())));
        columns.add(right("lag", each -> figure(each.lag())));
        columns.add(right("read", each -> Spoken.rate(each.readPerSecond())));
        columns.add(right("written", each -> Spoken.rate(each.writtenPerSecond())));
        columns.add(left("finding", each -> each.finding().cause().name()));
        if (withBurrow) {
            columns.add(left("Burrow", each -> each.burrow().name()));
        }
        String table = AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS)
                .data(rows, columns)
                .asString();
        int left = report.partitions().size() - rows.size();
        return left == 0 ? table : table + "\nand " + left + " more (--json has all)";
    }

    private static String figure(OptionalLong value) {
        return value.isPresent() ? Spoken.number(value.getAsLong()) : "-";
    }

    private static ColumnData<PartitionReport> left(String header, Function<PartitionReport, String> cell) {
        return new Column()
                .header(header)
                .headerAlign(HorizontalAlign.LEFT)
                .dataAlign(HorizontalAlign.LEFT)
                .with(cell);
    }

    private static ColumnData<PartitionReport> right(String header, Function<PartitionReport, String> cell) {
        return new Column().header(header).dataAlign(HorizontalAlign.RIGHT).with(cell);
    }

    private static List<String> explanations(Report report) {
        Map<String, List<PartitionReport>> byCause = report.partitions().stream()
                .filter(each -> each.finding().severity() != Severity.FINE)
                .sorted(WORST_FIRST)
                .collect(Collectors.groupingBy(
                        each -> verdict(each.finding()), LinkedHashMap::new, Collectors.toList()));
        List<String> lines = new ArrayList<>();
        byCause.forEach((verdict, partitions) -> {
            lines.add("");
            lines.add(verdict + ": " + count(partitions.size()));
            partitions.stream().limit(EXPLAINED_MAX).forEach(each -> {
                lines.add("  " + each.partition());
                each.finding().evidence().forEach(evidence -> lines.add("    " + evidence));
            });
            if (partitions.size() > EXPLAINED_MAX) {
                lines.add("  and " + (partitions.size() - EXPLAINED_MAX) + " more");
            }
            lines.add("  What to do: " + partitions.get(0).finding().cause().advice());
        });
        return lines;
    }

    private static List<String> explained(String what, Finding found) {
        List<String> lines = new ArrayList<>();
        lines.add(verdict(found) + ": " + what);
        found.evidence().forEach(evidence -> lines.add("    " + evidence));
        lines.add("  What to do: " + found.cause().advice());
        return lines;
    }

    /** Returns how bad it is and why, in one phrase. */
    static String verdict(Finding found) {
        String party = found.cause().party() == Cause.Party.NOBODY
                ? ""
                : " (" + found.cause().party().name().toLowerCase(Locale.ROOT) + ")";
        return found.severity()
                + (found.certainty() == Certainty.SUSPECTED ? ", suspect " : ", ")
                + found.cause()
                + party;
    }

    private static String count(int partitions) {
        return partitions == 1 ? "1 partition" : partitions + " partitions";
    }

    private static String unseen(Report report) {
        boolean told = report.group().isEmpty();
        if (!told && report.examination().last().group().phase() == GroupView.Phase.ABSENT) {
            return "Which groups read it could not be seen.";
        }
        return told && report.partitions().isEmpty()
                ? "No member with this client id has a partition."
                : "Nothing could be seen.";
    }

    private static String conclusion(Report report) {
        long stalled = report.partitions().stream()
                .filter(each -> each.finding().isStalled())
                .count();
        long waiting = report.partitions().stream()
                .filter(each -> each.finding().severity() == Severity.WAITING)
                .count();
        String of = " of " + count(report.partitions().size());
        if (stalled > 0) {
            return "Stalled: " + stalled + of + ".";
        }
        if (report.group().filter(Finding::isStalled).isPresent()) {
            return "Stalled: the group.";
        }
        if (report.exitCode() == Report.NOT_SEEN) {
            return unseen(report);
        }
        if (report.partitions().isEmpty()) {
            return "The group has no partitions, and has committed nothing that this user may see.";
        }
        if (waiting == 0 && report.examination().last().group().phase() == GroupView.Phase.ABSENT) {
            return "No group that could be seen reads it; its partitions are healthy.";
        }
        return waiting > 0 ? "Nothing is stalled; " + waiting + of + " to be watched." : "Healthy.";
    }
}
