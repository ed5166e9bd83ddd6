package dev.surefoot.cli.simulate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import dev.surefoot.testkit.simulation.CampaignReport;
import dev.surefoot.testkit.simulation.schedule.Act;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The result of a campaign, or of the run of one seed: tables for people, JSON for machines.
 *
 * @param firstSeed the seed of the first run
 */
record CampaignSummary(long firstSeed, CampaignReport report) {

    /** Returns how many runs there were, and how fast. */
    String figures() {
        double rate = report.seconds() == 0 ? 0 : report.schedules() / report.seconds();
        List<Figure> figures = List.of(
                new Figure("schedules", Figure.number(report.schedules())),
                new Figure("violations", Figure.number(report.violations())),
                new Figure("first seed", Long.toString(firstSeed)),
                new Figure("seconds", String.format(Locale.ROOT, "%.1f", report.seconds())),
                new Figure("schedules per second", Figure.number(Math.round(rate))));
        return Figure.table(figures);
    }

    /** Returns how often each act happened. */
    String acts() {
        List<Map.Entry<Act, Long>> rows =
                new ArrayList<>(report.happened().all().entrySet());
        return AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS)
                .data(
                        rows,
                        List.of(
                                new Column()
                                        .header("act")
                                        .dataAlign(HorizontalAlign.LEFT)
                                        .with(row -> row.getKey().name()),
                                new Column()
                                        .header("of")
                                        .dataAlign(HorizontalAlign.LEFT)
                                        .with(row -> row.getKey().kind().name()),
                                new Column().header("happened").with(row -> Figure.number(row.getValue()))))
                .asString();
    }

    /** Returns how often sessions came to each verdict. */
    String verdicts() {
        List<Map.Entry<String, Long>> rows =
                new ArrayList<>(report.verdicts().all().entrySet());
        return AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS)
                .data(
                        rows,
                        List.of(
                                new Column()
                                        .header("verdict")
                                        .dataAlign(HorizontalAlign.LEFT)
                                        .with(Map.Entry::getKey),
                                new Column().header("reached").with(row -> Figure.number(row.getValue()))))
                .asString();
    }

    /** Returns how often members of groups were in each state when each answer came. */
    String states() {
        List<Map.Entry<String, Long>> rows =
                new ArrayList<>(report.states().all().entrySet());
        return AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS)
                .data(
                        rows,
                        List.of(
                                new Column()
                                        .header("state of a member, and answer")
                                        .dataAlign(HorizontalAlign.LEFT)
                                        .with(Map.Entry::getKey),
                                new Column().header("reached").with(row -> Figure.number(row.getValue()))))
                .asString();
    }

    /** Returns the one line of {@code --json}. */
    ObjectNode json() {
        ObjectNode root = JsonNodeFactory.instance
                .objectNode()
                .put("schedules", report.schedules())
                .put("violations", report.violations())
                .put("firstSeed", firstSeed)
                .put("seconds", Math.round(report.seconds() * 1e3) / 1e3);
        ObjectNode faults = root.putObject("faults");
        report.happened().all().forEach((act, count) -> faults.put(act.name(), count));
        ObjectNode verdicts = root.putObject("verdicts");
        report.verdicts().all().forEach(verdicts::put);
        ObjectNode causes = root.putObject("causes");
        report.causes().all().forEach((cause, severities) -> {
            ObjectNode ofCause = causes.putObject(cause.name());
            severities.forEach((severity, looks) -> ofCause.put(severity.name(), looks));
        });
        ObjectNode states = root.putObject("groupStates");
        report.states().all().forEach(states::put);
        return root;
    }
}
