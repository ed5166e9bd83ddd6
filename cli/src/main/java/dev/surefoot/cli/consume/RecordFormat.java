package dev.surefoot.cli.consume;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Writes one record to standard output. */
interface RecordFormat {

    /** Writes the record, and what separates it from the next. */
    void write(ConsumerRecord<byte[], byte[]> entry, OutputStream out) throws IOException;
}
