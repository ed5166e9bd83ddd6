package dev.surefoot.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.FetchReport;
import dev.surefoot.progress.StallCause;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class DemoReportTest {

    private static final int RECORDS = 12;
    private static final FetchReport NOTHING_FETCHED = new FetchReport(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    @Test
    void theJsonHasTheShapeThatProgramsRelyOn() {
        DemoReport report = new DemoReport(stalledAfter(5), readingAll(), named(), group(RECORDS));

        assertThat(report.json())
                .isEqualTo("{\"records\":12,\"broken\":{\"consumed\":5,\"stalled\":true},\"surefoot\":{\"consumed\":12,"
                        + "\"duplicates\":0,\"gaps\":0,\"seconds\":1.25,\"fetches\":{\"full\":2,\"incremental\":30},"
                        + "\"sessions\":1},\"stalls\":[{\"cause\":\"PAUSED\",\"named\":\"PAUSED\",\"seconds\":0.5}],"
                        + "\"group\":{\"processed\":12,\"missing\":0,\"again\":2,"
                        + "\"againWithoutNeed\":0,"
                        + "\"committed\":12,\"uncommittedAtKill\":2,\"takeoverSeconds\":4.5,\"seconds\":9.0}}");
    }

    @Test
    void theTableShowsBothWithTheirBytes() {
        assertThat(new DemoReport(stalledAfter(5), readingAll(), named(), group(RECORDS)).table())
                .contains("broken handler", "Surefoot", "7,000", "9,999");
    }

    @Test
    void theTableOfTheGroupShowsEachMember() {
        assertThat(new DemoReport(stalledAfter(5), readingAll(), named(), group(RECORDS)).groupTable())
                .containsPattern("A +\\| +9 \\| +2 \\| +-")
                .containsPattern("B, killed +\\| +5 \\| +0 \\| +2");
    }

    @Test
    void itHoldsOnlyIfTheBrokenHandlerStallsAndSurefootReadsAll() {
        assertThat(new DemoReport(stalledAfter(5), readingAll(), named(), group(RECORDS)).holds())
                .isTrue();
        assertThat(new DemoReport(readingAll(), readingAll(), named(), group(RECORDS)).holds())
                .isFalse();
        assertThat(new DemoReport(stalledAfter(5), stalledAfter(11), named(), group(RECORDS)).holds())
                .isFalse();
        assertThat(new DemoReport(stalledAfter(5), readingAll(), named(), group(RECORDS - 1)).holds())
                .isFalse();
    }

    private static List<NamedStall> named() {
        return List.of(new NamedStall("paused", StallCause.PAUSED, StallCause.PAUSED, Duration.ofMillis(500)));
    }

    @Test
    void aStallThatIsNamedWronglyIsNone() {
        List<NamedStall> wrong =
                List.of(new NamedStall("paused", StallCause.PAUSED, StallCause.CAUGHT_UP, Duration.ofSeconds(20)));
        assertThat(new DemoReport(stalledAfter(5), readingAll(), wrong, group(RECORDS)).holds())
                .isFalse();
    }

    /** B has processed five records and committed three when it is killed; A processes the rest. */
    private static GroupResult group(long committed) {
        ProcessedRecords ledger = new ProcessedRecords(RECORDS, 1, "B");
        ledger.enter("B", new MemberReport.Processed(0, 0, 4, 0));
        ledger.enterCommittedAtKill(0, 3);
        ledger.enter("A", new MemberReport.Processed(0, 3, RECORDS - 1, 0));
        return new GroupResult(ledger, "B", committed, Duration.ofMillis(4_500), Duration.ofSeconds(9));
    }

    private static TrialResult stalledAfter(int records) {
        List<StuckPartition> stuck = List.of(new StuckPartition(0, records, RECORDS));
        return new TrialResult("broken handler", ledger(records), Duration.ofSeconds(1), stuck, NOTHING_FETCHED);
    }

    private static TrialResult readingAll() {
        FetchReport fetches = new FetchReport(1, 2, 30, 0, 0, 0, 0, 3_000, 4_000, 9_999);
        return new TrialResult("Surefoot", ledger(RECORDS), Duration.ofMillis(1_250), List.of(), fetches);
    }

    private static SequenceLedger ledger(int records) {
        SequenceLedger ledger = new SequenceLedger(RECORDS, 1);
        for (int i = 0; i < records; i++) {
            ledger.enter(new ConsumerRecord<>("demo", 0, i, null, SequencedRecord.encode(0, i)));
        }
        return ledger;
    }
}
