package dev.surefoot.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SequenceLedgerTest {

    private static final int RECORDS = 1_000;
    private static final int PARTITIONS = 6;

    private final SequenceLedger ledger = new SequenceLedger(RECORDS, PARTITIONS);
    private final List<ConsumerRecord<byte[], byte[]>> entries = new ArrayList<>();

    @BeforeEach
    void writeEveryRecord() {
        for (int i = 0; i < RECORDS; i++) {
            entries.add(entry(i % PARTITIONS, i / PARTITIONS));
        }
    }

    @Test
    void everyRecordOnceAndInOrderIsFlawless() {
        entries.forEach(ledger::enter);

        assertThat(ledger.isFlawless()).isTrue();
        assertThat(ledger.consumed()).isEqualTo(RECORDS);
    }

    @Test
    void seededGapsAndDuplicatesAreFound() {
        long seed = Long.getLong("surefoot.seed", System.nanoTime());
        Random random = new Random(seed);
        List<ConsumerRecord<byte[], byte[]>> picked = new ArrayList<>(entries);
        Collections.shuffle(picked, random);
        int gaps = 1 + random.nextInt(20);
        int duplicates = 1 + random.nextInt(20);
        entries.removeAll(picked.subList(0, gaps));

        entries.forEach(ledger::enter);
        picked.subList(gaps, gaps + duplicates).forEach(ledger::enter);

        assertThat(ledger.gaps()).as("seed %d", seed).isEqualTo(gaps);
        assertThat(ledger.duplicates()).as("seed %d", seed).isEqualTo(duplicates);
        assertThat(ledger.outOfOrder()).as("seed %d", seed).isZero();
        assertThat(ledger.isFlawless()).as("seed %d", seed).isFalse();
    }

    @Test
    void aMissingLastRecordIsAGap() {
        entries.remove(RECORDS - 1);
        entries.forEach(ledger::enter);

        assertThat(ledger.gaps()).isEqualTo(1);
    }

    @Test
    void aLateRecordIsOutOfOrderAndNoGap() {
        Collections.swap(entries, 0, PARTITIONS);
        entries.forEach(ledger::enter);

        assertThat(ledger.outOfOrder()).isEqualTo(1);
        assertThat(ledger.gaps()).isZero();
        assertThat(ledger.isFlawless()).isFalse();
    }

    @Test
    void aRecordWithTheContentOfAnotherIsDamaged() {
        entries.set(7, new ConsumerRecord<>("demo", 1, 1, null, SequencedRecord.encode(1, 2)));
        entries.forEach(ledger::enter);

        assertThat(ledger.damaged()).isEqualTo(1);
        assertThat(ledger.gaps()).isEqualTo(1);
    }

    @Test
    void aRecordThatWasNeverWrittenIsDamaged() {
        entries.forEach(ledger::enter);
        ledger.enter(entry(0, RECORDS));

        assertThat(ledger.damaged()).isEqualTo(1);
        assertThat(ledger.isFlawless()).isFalse();
    }

    private static ConsumerRecord<byte[], byte[]> entry(int partition, long offset) {
        return new ConsumerRecord<>("demo", partition, offset, null, SequencedRecord.encode(partition, offset));
    }
}
