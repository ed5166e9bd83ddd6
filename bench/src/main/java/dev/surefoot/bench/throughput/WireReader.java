package dev.surefoot.bench.throughput;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * The limit of the wire: full fetches over one plain socket into one direct buffer, which is reused. It reads the
 * headers of batches, which give the next offset, and discards everything else.
 *
 * <p>One request is in flight at a time: two or three gave no clear gain on a busy machine of two cores. With
 * {@code --jvm-flags -Dsurefoot.bench.wire.inflight=N} the partitions are divided among N requests. The operating
 * system chooses the socket's buffers.
 */
final class WireReader implements Reader {
    /** Requests in flight at the same time, in a worker started with this property. */
    private static final int IN_FLIGHT = Integer.getInteger("surefoot.bench.wire.inflight", 1);

    private static final short VERSION = 12; // the last version that names topics by name, so it needs no metadata
    private static final int MAX_WAIT_MS = 500;
    private static final int MIN_BYTES = 1;
    private static final int MAX_BYTES = 50 << 20;
    private static final int MAX_PARTITION_BYTES = 1 << 20;
    private static final int LENGTH_BYTES = 4;
    private static final int RESPONSE_OVERHEAD_BYTES = 64 << 10;

    private final int pieceBytes;
    private final SocketChannel channel;
    private final WrittenTopic topic;
    private final Deque<int[]> inFlight = new ArrayDeque<>();
    private final FetchedBatches fetched;
    private ByteBuffer buffer;
    private int correlationId;

    /** @param pieceBytes the most bytes to read from the socket at once */
    WireReader(WrittenTopic topic, int pieceBytes) {
        this.topic = topic;
        this.pieceBytes = pieceBytes;
        Workload workload = topic.workload();
        this.fetched = new FetchedBatches(workload.partitions());
        long atMost = Math.min(MAX_BYTES, (long) workload.partitions() * MAX_PARTITION_BYTES);
        this.buffer = ByteBuffer.allocateDirect((int) atMost + RESPONSE_OVERHEAD_BYTES);
        int requests = Math.min(IN_FLIGHT, workload.partitions());
        for (int i = 0; i < requests; i++) {
            int first = i;
            inFlight.add(IntStream.range(0, workload.partitions())
                    .filter(partition -> partition % requests == first)
                    .toArray());
        }
        String server = topic.bootstrapServers();
        int colon = server.lastIndexOf(':');
        try {
            channel = SocketChannel.open(
                    new InetSocketAddress(server.substring(0, colon), Integer.parseInt(server.substring(colon + 1))));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            for (int[] group : inFlight) {
                send(group);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot fetch from " + server, e);
        }
    }

    /**
     * Returns the number of records of one answer. Those of aborted transactions are subtracted when all is read: a
     * client would skip them.
     */
    @Override
    public int next() {
        try {
            if (inFlight.isEmpty()) {
                return 0;
            }
            long before = fetched.records();
            fetched.scan(receive());
            int[] group = inFlight.remove();
            if (!IntStream.of(group).allMatch(fetched::isDrained)) {
                // A broker holds back a request without new data, and with it all that follow on this connection.
                send(group);
                inFlight.add(group);
            }
            long surplus = topic.written() - topic.records();
            return (int) (Math.max(0, fetched.records() - surplus) - Math.max(0, before - surplus));
        } catch (IOException e) {
            throw new UncheckedIOException("Lost the connection while fetching", e);
        }
    }

    /** Returns the bytes that the records must have: this reader does not access them. */
    @Override
    public long bytes() {
        return topic.bytes();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close the connection", e);
        }
    }

    private void send(int[] group) throws IOException {
        Map<TopicPartition, FetchRequest.PartitionData> wanted = new LinkedHashMap<>();
        for (int partition : group) {
            wanted.put(
                    new TopicPartition(topic.topic(), partition),
                    new FetchRequest.PartitionData(
                            Uuid.ZERO_UUID, fetched.nextOffset(partition), 0, MAX_PARTITION_BYTES, Optional.empty()));
        }
        IsolationLevel isolation =
                topic.workload().readCommitted() ? IsolationLevel.READ_COMMITTED : IsolationLevel.READ_UNCOMMITTED;
        FetchRequest request = FetchRequest.Builder.forConsumer(VERSION, MAX_WAIT_MS, MIN_BYTES, wanted)
                .isolationLevel(isolation)
                .setMaxBytes(MAX_BYTES)
                .build(VERSION);
        ByteBuffer body =
                request.serializeWithHeader(new RequestHeader(ApiKeys.FETCH, VERSION, "wire", correlationId++));
        ByteBuffer frame = ByteBuffer.allocate(LENGTH_BYTES + body.remaining())
                .putInt(body.remaining())
                .put(body)
                .flip();
        while (frame.hasRemaining()) {
            channel.write(frame);
        }
    }

    private ByteBuffer receive() throws IOException {
        buffer.clear().limit(LENGTH_BYTES);
        fill();
        int length = buffer.getInt(0);
        if (length > buffer.capacity()) {
            buffer = ByteBuffer.allocateDirect(length);
        }
        buffer.clear().limit(length);
        fill();
        return buffer.flip();
    }

    private void fill() throws IOException {
        int end = buffer.limit();
        while (buffer.position() < end) {
            buffer.limit(buffer.position() + Math.min(pieceBytes, end - buffer.position()));
            if (channel.read(buffer) < 0) {
                throw new EOFException("the broker closed the connection");
            }
        }
    }
}
