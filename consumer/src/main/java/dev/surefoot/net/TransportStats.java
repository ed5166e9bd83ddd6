package dev.surefoot.net;

/**
 * Figures of a transport at one moment.
 *
 * @param bytesSent bytes of all requests written since the start, length prefixes included
 * @param bytesReceived bytes of all responses read since the start, length prefixes included
 * @param openConnections connections that are made or being made
 * @param pooledBytesInUse capacity of the receive buffers that hold something
 * @param pooledBytesFree capacity of the receive buffers kept for reuse
 */
record TransportStats(
        long bytesSent, long bytesReceived, int openConnections, long pooledBytesInUse, long pooledBytesFree) {}
