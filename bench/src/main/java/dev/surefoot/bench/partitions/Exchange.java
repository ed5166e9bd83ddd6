package dev.surefoot.bench.partitions;

/**
 * The cost of one fetch for the client.
 *
 * @param planNanos from deciding what to fetch to the bytes of the request
 * @param handleNanos from the bytes of the response to the records that wait for the application
 * @param deliverNanos the application's poll that takes those records, or 0 if it is not measured
 * @param requestBytes bytes on the wire, length prefix and header included
 * @param responseBytes bytes on the wire, length prefix and header included
 * @param allocatedBytes bytes that planning and handling together allocated on the heap
 */
record Exchange(
        long planNanos,
        long handleNanos,
        long deliverNanos,
        int requestBytes,
        int responseBytes,
        long allocatedBytes) {}
