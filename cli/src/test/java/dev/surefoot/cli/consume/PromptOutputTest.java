package dev.surefoot.cli.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class PromptOutputTest {

    private static final RecordFormat ONE_BYTE = (entry, out) -> out.write('x');

    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
    private long nowNanos;
    private final PromptOutput output = new PromptOutput(new BufferedOutputStream(seen), () -> nowNanos);

    @Test
    void aYoungRecordStaysInTheBuffer() throws IOException {
        write(1);
        nowNanos += PromptOutput.WAIT_MAX_NANOS - 1;
        output.flushIfDue();

        assertThat(seen.size()).isZero();
        assertThat(output.holdsRecords()).isTrue();
    }

    @Test
    void theAgeOfTheFirstRecordCountsHoweverManyFollow() throws IOException {
        write(1);
        nowNanos += PromptOutput.WAIT_MAX_NANOS / 2;
        write(1);
        nowNanos += PromptOutput.WAIT_MAX_NANOS / 2;
        output.flushIfDue();

        assertThat(seen.size()).isEqualTo(2);
        assertThat(output.holdsRecords()).isFalse();
    }

    @Test
    void recordsOfOneLargePollDoNotWaitForItsEnd() throws IOException {
        write(PromptOutput.RECORDS_BETWEEN_LOOKS - 1);
        nowNanos += PromptOutput.WAIT_MAX_NANOS;
        write(1);

        assertThat(seen.size()).isEqualTo(PromptOutput.RECORDS_BETWEEN_LOOKS);
    }

    @Test
    void afterAFlushTheAgeBeginsAnew() throws IOException {
        write(1);
        output.flush();
        nowNanos += PromptOutput.WAIT_MAX_NANOS;
        output.flushIfDue();
        write(1);
        output.flushIfDue();

        assertThat(seen.size()).isEqualTo(1);
    }

    private void write(int records) throws IOException {
        for (int i = 0; i < records; i++) {
            output.write(ONE_BYTE, new ConsumerRecord<>("orders", 0, i, null, null));
        }
    }
}
