package dev.surefoot.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * The result of the demo: a table for people, JSON for machines.
 *
 * @param broken the result of the broken session handler
 * @param surefoot the result of Surefoot
 * @param stalls the stalls that were made
 * @param group the result of the group
 */
record DemoReport(TrialResult broken, TrialResult surefoot, List<NamedStall> stalls, GroupResult group) {

    /**
     * Returns whether the broken handler stalled, Surefoot read every record once and named every stall, and the group
     * accounted for every record.
     */
    boolean holds() {
        return broken.isStalled()
                && surefoot.ledger().isFlawless()
                && stalls.stream().allMatch(NamedStall::isNamed)
                && group.holds();
    }

    /** Returns the figures of both, side by side. */
    String table() {
        List<Row> rows = List.of(
                new Row("records", result -> number(result.ledger().consumed())),
                new Row("never delivered", result -> number(result.ledger().gaps())),
                new Row("delivered twice", result -> number(result.ledger().duplicates())),
                new Row("seconds", result -> "%.1f".formatted(result.seconds())),
                new Row("records per second", DemoReport::rate),
                new Row("sessions opened", result -> number(result.fetches().sessionsOpened())),
                new Row("full fetches", result -> number(result.fetches().fullFetches())),
                new Row("incremental fetches", result -> number(result.fetches().incrementalFetches())),
                new Row("bytes on the wire", DemoReport::wireBytes),
                new Row(
                        "bytes saved against full fetches",
                        result -> number(result.fetches().savedBytes())));
        return AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS)
                .data(
                        rows,
                        List.of(
                                new Column().dataAlign(HorizontalAlign.LEFT).with(Row::label),
                                column(broken),
                                column(surefoot)))
                .asString();
    }

    /** Returns what each member of the group did. */
    String groupTable() {
        return AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS)
                .data(
                        group.ledger().accounts().entrySet(),
                        List.of(
                                new Column()
                                        .header("member")
                                        .dataAlign(HorizontalAlign.LEFT)
                                        .with(each -> each.getKey() + (isKilled(each.getKey()) ? ", killed" : "")),
                                memberColumn(
                                        "processed",
                                        each -> number(each.getValue().processed())),
                                memberColumn(
                                        "of them again",
                                        each -> number(each.getValue().again())),
                                memberColumn(
                                        "not committed at its death",
                                        each -> isKilled(each.getKey())
                                                ? number(group.ledger().uncommittedAtKill())
                                                : "-")))
                .asString();
    }

    private boolean isKilled(String member) {
        return member.equals(group.killed());
    }

    private static ColumnData<Map.Entry<String, ProcessedRecords.Account>> memberColumn(
            String header, Function<Map.Entry<String, ProcessedRecords.Account>, String> cell) {
        return new Column().header(header).dataAlign(HorizontalAlign.RIGHT).with(cell);
    }

    /** Returns the one line of {@code --json}. */
    String json() {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root =
                mapper.createObjectNode().put("records", surefoot.ledger().records());
        root.putObject("broken").put("consumed", broken.ledger().consumed()).put("stalled", broken.isStalled());
        ObjectNode ours = root.putObject("surefoot")
                .put("consumed", surefoot.ledger().consumed())
                .put("duplicates", surefoot.ledger().duplicates())
                .put("gaps", surefoot.ledger().gaps())
                .put("seconds", seconds(surefoot.elapsed()));
        ours.putObject("fetches")
                .put("full", surefoot.fetches().fullFetches())
                .put("incremental", surefoot.fetches().incrementalFetches());
        ours.put("sessions", surefoot.fetches().sessionsOpened());
        ArrayNode named = root.putArray("stalls");
        stalls.forEach(each -> named.addObject()
                .put("cause", each.expected().name())
                .put("named", each.named().name())
                .put("seconds", seconds(each.after())));
        ProcessedRecords ledger = group.ledger();
        root.putObject("group")
                .put("processed", ledger.distinct())
                .put("missing", ledger.missing())
                .put("again", ledger.again())
                .put("againWithoutNeed", ledger.unexplained())
                .put("committed", group.committed())
                .put("uncommittedAtKill", ledger.uncommittedAtKill())
                .put("takeoverSeconds", seconds(group.takeover()))
                .put("seconds", seconds(group.elapsed()));
        try {
            return mapper.writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of numbers has no JSON form", e);
        }
    }

    private static double seconds(Duration elapsed) {
        return Math.round(elapsed.toNanos() / 1e6) / 1e3;
    }

    private record Row(String label, Function<TrialResult, String> cell) {}

    private static ColumnData<Row> column(TrialResult result) {
        return new Column()
                .header(result.name())
                .dataAlign(HorizontalAlign.RIGHT)
                .with(row -> row.cell().apply(result));
    }

    private static String rate(TrialResult result) {
        return result.seconds() == 0 ? "-" : number(Math.round(result.ledger().consumed() / result.seconds()));
    }

    private static String wireBytes(TrialResult result) {
        return number(result.fetches().requestBytes() + result.fetches().responseBytes());
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
