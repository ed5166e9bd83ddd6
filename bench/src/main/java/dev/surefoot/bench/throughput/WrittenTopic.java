package dev.surefoot.bench.throughput;

/**
 * A topic that lies ready, as a worker needs to know it.
 *
 * @param records how many records a client must deliver
 * @param written how many records were written, those of aborted transactions included
 * @param headerBytes bytes of header values in the records to deliver
 */
record WrittenTopic(
        String bootstrapServers, String topic, Workload workload, long records, long written, long headerBytes) {

    /** Bytes of values and of header values that a client must deliver. */
    long bytes() {
        return workload.bytes() + headerBytes;
    }
}
