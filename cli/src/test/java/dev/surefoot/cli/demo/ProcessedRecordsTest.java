package dev.surefoot.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ProcessedRecordsTest {

    private static final String SURVIVOR = "A";
    private static final String KILLED = "B";

    /** Two partitions with ten and nine records. */
    private final ProcessedRecords ledger = new ProcessedRecords(19, 2, KILLED);

    @Test
    void whatTheKilledMemberHadNotCommittedIsProcessedAgainWithGoodReason() {
        enter(KILLED, 0, 0, 5);
        ledger.enterCommittedAtKill(0, 4);
        enter(SURVIVOR, 1, 0, 8);
        assertThat(ledger.isComplete()).isFalse();
        enter(SURVIVOR, 0, 4, 9);

        assertThat(ledger.isComplete()).isTrue();
        assertThat(ledger.missing()).isZero();
        assertThat(ledger.uncommittedAtKill()).isEqualTo(2);
        assertThat(ledger.again()).isEqualTo(2);
        assertThat(ledger.unexplained()).isZero();
        assertThat(ledger.accounts().get(SURVIVOR)).isEqualTo(new ProcessedRecords.Account(15, 2));
        assertThat(ledger.accounts().get(KILLED)).isEqualTo(new ProcessedRecords.Account(6, 0));
    }

    @Test
    void whatWasCommittedMustNotBeProcessedAgain() {
        enter(KILLED, 0, 0, 5);
        ledger.enterCommittedAtKill(0, 4);
        enter(SURVIVOR, 0, 3, 9);

        assertThat(ledger.again()).isEqualTo(3);
        assertThat(ledger.unexplained()).isEqualTo(1);
    }

    @Test
    void aMemberThatWasNotKilledMustNotRepeatAnything() {
        enter(SURVIVOR, 0, 0, 9);
        enter("C", 0, 9, 9);
        enter(KILLED, 1, 0, 3);
        enter(KILLED, 1, 3, 4);
        ledger.enterCommittedAtKill(1, 0);

        assertThat(ledger.again()).isEqualTo(2);
        assertThat(ledger.unexplained()).isEqualTo(2);
    }

    @Test
    void aRecordThatNobodyProcessesIsMissing() {
        enter(KILLED, 0, 0, 4);
        ledger.enterCommittedAtKill(0, 7);
        enter(SURVIVOR, 0, 7, 9);
        enter(SURVIVOR, 1, 0, 8);

        assertThat(ledger.missing()).isEqualTo(2);
        assertThat(ledger.isComplete()).isFalse();
    }

    @Test
    void recordsThatWereNeverWrittenAreDamaged() {
        enter(SURVIVOR, 1, 8, 9);
        ledger.enter(SURVIVOR, new MemberReport.Processed(1, 0, 1, 1));

        assertThat(ledger.damaged()).isEqualTo(2);
    }

    @Test
    void aReportIsReadAsItWasWritten() {
        for (MemberReport each :
                new MemberReport[] {new MemberReport.Owns(2), new MemberReport.Processed(3, 1_000, 2_000, 1)}) {
            assertThat(MemberReport.parse(each.line())).isEqualTo(each);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> MemberReport.parse("Exception in thread"));
    }

    private void enter(String member, int partition, long first, long last) {
        ledger.enter(member, new MemberReport.Processed(partition, first, last, 0));
    }
}
