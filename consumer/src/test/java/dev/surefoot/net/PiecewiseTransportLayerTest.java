package dev.surefoot.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class PiecewiseTransportLayerTest {
    /** JDK 25 does not show the direct buffers that it makes for itself among those that exist. */
    private static final int LAST_JDK_THAT_COUNTS_ITS_OWN = 21;

    private static final int MOST_AT_ONCE = PiecewiseTransportLayer.PIECE_BYTES * PiecewiseTransportLayer.PIECES_MAX;

    private final FakeDirectMemory memory = new FakeDirectMemory(64 << 20);
    private SocketChannel broker;
    private Selector selector;
    private PiecewiseTransportLayer layer;

    @BeforeEach
    void connect() throws IOException {
        selector = Selector.open();
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketChannel client = SocketChannel.open();
            client.setOption(StandardSocketOptions.SO_RCVBUF, 4 * MOST_AT_ONCE);
            client.connect(server.getLocalAddress());
            broker = server.accept();
            client.configureBlocking(false);
            layer = new PiecewiseTransportLayer(
                    client.register(selector, SelectionKey.OP_READ), new SocketPiece(memory.share()));
        }
    }

    @AfterEach
    void close() throws IOException {
        layer.close();
        broker.close();
        selector.close();
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    /** Has a thread of its own send them, as they may be more than the socket holds. */
    private Thread send(byte[] bytes) {
        Thread sender = new Thread(() -> {
            try {
                ByteBuffer rest = ByteBuffer.wrap(bytes);
                while (rest.hasRemaining()) {
                    broker.write(rest);
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        sender.start();
        return sender;
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                1,
                PiecewiseTransportLayer.PIECE_BYTES - 1,
                PiecewiseTransportLayer.PIECE_BYTES,
                PiecewiseTransportLayer.PIECE_BYTES + 1,
                3 * MOST_AT_ONCE + 7
            })
    void whatIsSentArrivesInOrderAndNothingBehindTheBuffersLimit(int count) throws Exception {
        byte[] sent = bytes(count + 100);
        Thread sender = send(sent);
        ByteBuffer target =
                ByteBuffer.allocateDirect(count + 50).limit(count + 10).position(10);

        int sum = 0;
        while (target.hasRemaining()) {
            selector.select();
            selector.selectedKeys().clear();
            int read = layer.read(target);
            assertThat(read).isBetween(0, MOST_AT_ONCE);
            assertThat(target.limit()).isEqualTo(count + 10);
            sum += read;
        }
        sender.join();

        assertThat(sum).isEqualTo(count);
        byte[] received = new byte[count];
        target.get(10, received);
        assertThat(received).isEqualTo(Arrays.copyOf(sent, count));
        ByteBuffer rest = ByteBuffer.allocate(100);
        while (rest.hasRemaining()) {
            layer.read(rest);
        }
        assertThat(rest.array()).isEqualTo(Arrays.copyOfRange(sent, count, count + 100));
    }

    @Test
    void nothingIsReadWhereNothingHasArrivedOrThereIsNoRoom() throws IOException {
        assertThat(layer.read(ByteBuffer.allocate(10))).isZero();
        assertThat(layer.read(ByteBuffer.allocate(0))).isZero();
    }

    /** What came before the end is reported first, so that nothing of it is lost. */
    @Test
    void theEndComesAfterTheLastBytes() throws Exception {
        int count = 2 * PiecewiseTransportLayer.PIECE_BYTES;
        send(bytes(count)).join();
        broker.close();
        ByteBuffer target = ByteBuffer.allocate(2 * count);

        while (target.position() < count) {
            selector.select();
            selector.selectedKeys().clear();
            assertThat(layer.read(target)).isNotNegative();
        }
        selector.select();

        assertThat(layer.read(target)).isEqualTo(-1);
        assertThat(target.position()).isEqualTo(count);
        assertThat(target.limit()).isEqualTo(2 * count);
    }

    @Test
    void theLimitIsAsItWasAfterAnError() throws IOException {
        layer.close();
        ByteBuffer target = ByteBuffer.allocate(2 * PiecewiseTransportLayer.PIECE_BYTES);

        assertThatThrownBy(() -> layer.read(target)).isInstanceOf(IOException.class);
        assertThat(target.limit()).isEqualTo(target.capacity());
    }

    /** The JDK keeps its temporary direct buffers for each thread, so a new thread shows what it has made. */
    @Test
    void whatLiesOnTheHeapIsReadAndWrittenWithoutADirectBufferOfTheJdk() throws Exception {
        int count = 3 * SocketPiece.BYTES + 7;
        ByteBuffer atBroker = ByteBuffer.allocateDirect(2 * count);
        ByteBuffer answer = ByteBuffer.allocateDirect(count);
        answer.put(bytes(count)).flip();
        ByteBuffer[] sent = {ByteBuffer.wrap(bytes(4)), ByteBuffer.wrap(bytes(count)), ByteBuffer.wrap(bytes(10))};
        ByteBuffer received = ByteBuffer.allocate(count);

        long made = onNewThread(() -> {
            long before = directBytes();
            long written = 0;
            while (written < count + 14) {
                written += layer.write(sent);
                broker.read(atBroker);
            }
            while (atBroker.position() < count + 14) {
                broker.read(atBroker);
            }
            while (answer.hasRemaining()) {
                broker.write(answer.slice().limit(Math.min(10_000, answer.remaining())));
                answer.position(answer.position() + Math.min(10_000, answer.remaining()));
                layer.read(received);
            }
            while (received.hasRemaining()) {
                layer.read(received);
            }
            return directBytes() - before;
        });

        assertThat(made).isZero();
        assertThat(received.array()).isEqualTo(bytes(count));
        byte[] all = new byte[count + 14];
        atBroker.get(0, all);
        assertThat(Arrays.copyOf(all, 4)).isEqualTo(bytes(4));
        assertThat(Arrays.copyOfRange(all, 4, 4 + count)).isEqualTo(bytes(count));
        assertThat(Arrays.copyOfRange(all, 4 + count, all.length)).isEqualTo(bytes(10));
        if (Runtime.version().feature() <= LAST_JDK_THAT_COUNTS_ITS_OWN) {
            assertThat(onNewThread(() -> {
                        long before = directBytes();
                        broker.write(ByteBuffer.allocate(count));
                        return directBytes() - before;
                    }))
                    .as("what this test would see")
                    .isGreaterThanOrEqualTo(count);
        }
    }

    @Test
    void anErrorEndsThisConnectionByAnException() throws IOException {
        memory.use(memory.limitBytes);
        PiecewiseTransportLayer poor =
                new PiecewiseTransportLayer(layer.selectionKey(), new SocketPiece(memory.share()));
        ByteBuffer heap = ByteBuffer.allocate(10);
        assertThatThrownBy(() -> poor.read(heap))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("direct memory");
        assertThatThrownBy(() -> poor.write(heap))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("direct memory");
        assertThat(heap.position()).isZero();

        memory.use(0);
        assertThat(poor.write(heap)).isEqualTo(10);
    }

    @Test
    void theSmallestPieceDoesWhereThereIsNoMore() throws Exception {
        memory.use(memory.limitBytes - SocketPiece.LEAST_BYTES);
        PiecewiseTransportLayer poor =
                new PiecewiseTransportLayer(layer.selectionKey(), new SocketPiece(memory.share()));
        int count = 3 * SocketPiece.LEAST_BYTES + 5;
        Thread sender = send(bytes(count));
        ByteBuffer target = ByteBuffer.allocate(count);
        while (target.hasRemaining()) {
            poor.read(target);
        }
        sender.join();
        assertThat(target.array()).isEqualTo(bytes(count));
        assertThat(memory.usedBytes()).isEqualTo(memory.limitBytes);
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getTotalCapacity)
                .sum();
    }

    private static <T> T onNewThread(Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "reader");
        thread.start();
        thread.join();
        return task.get();
    }
}
