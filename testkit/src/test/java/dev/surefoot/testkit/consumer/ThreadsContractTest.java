package dev.surefoot.testkit.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.LoopbackPorts;
import java.time.Duration;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Wake-ups, interrupts, foreign threads and the end of a consumer are the same for both. */
class ThreadsContractTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static TopicPartition empty;

    @BeforeAll
    static void create() {
        empty = new TopicPartition(OneBroker.topic(1), 0);
    }

    private static Consumer<byte[], byte[]> assigned(Client client) {
        Consumer<byte[], byte[]> consumer = client.open(OneBroker.config());
        consumer.assign(List.of(empty));
        return consumer;
    }

    private static Consumer<byte[], byte[]> withoutBroker(Client client) {
        Consumer<byte[], byte[]> consumer =
                client.open(OneBroker.config("bootstrap.servers", "127.0.0.1:" + LoopbackPorts.take()));
        consumer.assign(List.of(empty));
        return consumer;
    }

    /** Does it on a thread of its own; the future completes with what it throws. */
    private static CompletableFuture<Throwable> thrownBy(Thread[] thread, Runnable action) {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        thread[0] = new Thread(() -> {
            try {
                action.run();
                thrown.complete(new AssertionError("nothing was thrown"));
            } catch (Throwable e) {
                thrown.complete(e);
            }
        });
        thread[0].start();
        return thrown;
    }

    /** A consumer waits parked, in a selector, or between two attempts. */
    private static void awaitWaiting(Thread thread) {
        Await.until(
                "the thread waits",
                Reading.PATIENCE,
                () -> Stream.of(thread.getStackTrace())
                        .map(StackTraceElement::getMethodName)
                        .anyMatch(Set.of("parkNanos", "select", "sleep")::contains));
    }

    private static void assertWokenUp(Consumer<byte[], byte[]> consumer, Runnable wait) {
        Thread[] thread = new Thread[1];
        CompletableFuture<Throwable> thrown = thrownBy(thread, wait);
        awaitWaiting(thread[0]);
        consumer.wakeup();
        assertThat(thrown.orTimeout(20, TimeUnit.SECONDS).join()).isInstanceOf(WakeupException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aWakeupBeforeAPollEndsThatPollOnly(Client client) {
        try (Consumer<byte[], byte[]> consumer = assigned(client)) {
            consumer.wakeup();
            consumer.wakeup();
            assertThatExceptionOfType(WakeupException.class).isThrownBy(() -> consumer.poll(Duration.ZERO));
            assertThatCode(() -> consumer.poll(Duration.ofMillis(100))).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWakeupEndsAWaitUnderWay(Client client) {
        try (Consumer<byte[], byte[]> consumer = assigned(client)) {
            assertWokenUp(consumer, () -> consumer.poll(LONG));
            assertThat(consumer.poll(Duration.ofMillis(50))).isEmpty();
        }
        try (Consumer<byte[], byte[]> consumer = withoutBroker(client)) {
            assertWokenUp(consumer, () -> consumer.poll(LONG));
            assertWokenUp(consumer, () -> consumer.position(empty, LONG));
            assertWokenUp(consumer, () -> consumer.partitionsFor(empty.topic(), LONG));
            assertWokenUp(consumer, () -> consumer.listTopics(LONG));
            assertWokenUp(consumer, () -> consumer.endOffsets(List.of(empty), LONG));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsAPollAndStaysSet(Client client) throws Exception {
        try (Consumer<byte[], byte[]> consumer = assigned(client)) {
            Thread[] thread = new Thread[1];
            boolean[] stillInterrupted = new boolean[1];
            CompletableFuture<Throwable> thrown = thrownBy(thread, () -> {
                try {
                    consumer.poll(LONG);
                } finally {
                    stillInterrupted[0] = Thread.currentThread().isInterrupted();
                }
            });
            awaitWaiting(thread[0]);
            thread[0].interrupt();
            assertThat(thrown.get()).isInstanceOf(InterruptException.class);
            assertThat(stillInterrupted[0]).isTrue();
            thread[0].join();
            assertThatCode(() -> consumer.poll(Duration.ofMillis(50))).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptedThreadCannotPoll(Client client) {
        try (Consumer<byte[], byte[]> consumer = assigned(client)) {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptException.class).isThrownBy(() -> consumer.poll(Duration.ofMillis(50)));
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptedThreadIsToldWhenItHasClosed(Client client) {
        Consumer<byte[], byte[]> consumer = assigned(client);
        consumer.poll(Duration.ofMillis(50));

        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptException.class).isThrownBy(consumer::close);

        assertThat(Thread.interrupted()).isTrue();
        assertThatIllegalStateException().isThrownBy(consumer::assignment);
    }

    @ParameterizedTest
    @EnumSource
    void aSecondThreadIsRefusedWhileOneIsInside(Client client) throws Exception {
        try (Consumer<byte[], byte[]> consumer = assigned(client)) {
            Thread[] thread = new Thread[1];
            CompletableFuture<Throwable> thrown = thrownBy(thread, () -> consumer.poll(LONG));
            awaitWaiting(thread[0]);
            assertThatExceptionOfType(ConcurrentModificationException.class)
                    .isThrownBy(consumer::assignment)
                    .withMessageContaining("KafkaConsumer is not safe for multi-threaded access");
            assertThatExceptionOfType(ConcurrentModificationException.class)
                    .isThrownBy(() -> consumer.poll(Duration.ZERO));
            assertThatExceptionOfType(ConcurrentModificationException.class).isThrownBy(consumer::close);
            assertThat(consumer.metrics()).isNotEmpty();
            consumer.wakeup();
            assertThat(thrown.get()).isInstanceOf(WakeupException.class);
            assertThat(consumer.assignment()).containsExactly(empty);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClosedConsumerRefusesEverythingButAnotherClose(Client client) {
        Consumer<byte[], byte[]> consumer = assigned(client);
        consumer.close();
        consumer.close();
        consumer.close(CloseOptions.timeout(Duration.ofMillis(10)));
        List<Runnable> uses = List.of(
                () -> consumer.poll(Duration.ZERO),
                () -> consumer.assign(List.of(empty)),
                consumer::assignment,
                consumer::subscription,
                consumer::unsubscribe,
                () -> consumer.seek(empty, 0),
                () -> consumer.seekToEnd(List.of()),
                () -> consumer.position(empty),
                () -> consumer.pause(List.of()),
                () -> consumer.resume(List.of()),
                consumer::paused,
                () -> consumer.currentLag(empty),
                () -> consumer.partitionsFor(empty.topic()),
                consumer::listTopics,
                () -> consumer.endOffsets(List.of(empty)),
                () -> consumer.offsetsForTimes(Map.of(empty, 0L)));
        for (Runnable use : uses) {
            assertThatIllegalStateException()
                    .isThrownBy(use::run)
                    .withMessage("This consumer has already been closed.");
        }
        assertThatCode(consumer::wakeup).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(25)
    @SuppressWarnings("deprecation") // close(Duration) is deprecated and still there
    void aConsumerClosesWithinItsTime(Client client) {
        Consumer<byte[], byte[]> consumer = assigned(client);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> consumer.close(Duration.ofMillis(-1)))
                .withMessage("The timeout cannot be negative.");
        consumer.poll(Duration.ofMillis(50));
        consumer.close(Duration.ZERO);
        Consumer<byte[], byte[]> nowhere = withoutBroker(client);
        nowhere.poll(Duration.ofMillis(50));
        nowhere.close(CloseOptions.timeout(Duration.ofSeconds(5)));
    }

    @ParameterizedTest
    @EnumSource
    void aPendingWakeupDoesNotKeepAConsumerFromClosing(Client client) {
        Consumer<byte[], byte[]> consumer = assigned(client);
        consumer.poll(Duration.ofMillis(50));
        consumer.wakeup();
        assertThatCode(consumer::close).doesNotThrowAnyException();
    }
}
