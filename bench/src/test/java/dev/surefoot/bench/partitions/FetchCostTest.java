package dev.surefoot.bench.partitions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * What a fetch costs by the number of partitions, in bytes, which other work on the machine does not change. A walk
 * over all partitions hardly ever allocates nothing.
 */
class FetchCostTest {
    private static final int FEW = 100;
    private static final int MANY = 10_000;
    private static final int CHANGED = 10;
    private static final int EXCHANGES = 300;

    /** Compiled code allocates less than interpreted code, so the least counts. */
    private static final double COMPILED_OR_NOT = 1.25;

    @Test
    void planningAndHandlingAllocateTheSameWithManyPartitionsAsWithFew() {
        try (SurefootSubject few = new SurefootSubject(new Layout(FEW, CHANGED, true));
                SurefootSubject many = new SurefootSubject(new Layout(MANY, CHANGED, true))) {
            few.setUpNanos();
            many.setUpNanos();
            long withFew = leastAllocated(few);
            long withMany = leastAllocated(many);

            assertThat(withMany).isLessThan((long) (withFew * COMPILED_OR_NOT));
        }
    }

    private static long leastAllocated(Subject subject) {
        return LongStream.range(0, EXCHANGES)
                .map(i -> subject.exchange().allocatedBytes())
                .min()
                .orElseThrow();
    }

    @Test
    void theWireCarriesWhatChangedAndNoMore() {
        Exchange few = thirdExchange(new SurefootSubject(new Layout(FEW, CHANGED, true)));
        Exchange many = thirdExchange(new SurefootSubject(new Layout(MANY, CHANGED, true)));

        assertThat(many.requestBytes()).isEqualTo(few.requestBytes());
        assertThat(many.responseBytes()).isEqualTo(few.responseBytes());
    }

    @Test
    void bothClientsSayTheSameToTheBroker() {
        Exchange surefoot = thirdExchange(new SurefootSubject(new Layout(FEW, CHANGED, false)));
        Exchange kafkaClients = thirdExchange(new KafkaClientsSubject(new Layout(FEW, CHANGED, false)));

        assertThat(surefoot.requestBytes()).isEqualTo(kafkaClients.requestBytes());
        assertThat(surefoot.responseBytes()).isEqualTo(kafkaClients.responseBytes());
    }

    /** In the first there is nothing new to tell yet, in the second for the first time. */
    private static Exchange thirdExchange(Subject subject) {
        try (subject) {
            subject.exchange();
            subject.exchange();
            return subject.exchange();
        }
    }

    @Test
    void anAuditAndOldMetadataComeBesideWhatChanged() {
        try (SurefootSubject subject = new SurefootSubject(new Layout(FEW, CHANGED, true))) {
            int usual = thirdExchange(new SurefootSubject(new Layout(FEW, CHANGED, true)))
                    .requestBytes();
            subject.exchange();
            subject.letMetadataBeDue();
            subject.exchange();
            subject.letAuditsBeDue();

            assertThat(subject.exchange().requestBytes()).isGreaterThan(usual);
            assertThat(subject.audited()).isEqualTo(64);
        }
    }
}
