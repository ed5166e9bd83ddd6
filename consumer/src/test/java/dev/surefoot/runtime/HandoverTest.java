package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HandoverTest {
    private static final int ROUNDS = 20_000;
    private static final long LONG = TimeUnit.SECONDS.toNanos(50);
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    private final Handover handover = new Handover(Threads.REAL);

    private static Delivery delivery(long number) {
        return new Delivery.Positioned(PARTITION, number, FetchPosition.at(0), Uuid.ZERO_UUID);
    }

    /** Takes the next delivery, waiting for it as the application does. */
    private Delivery next() {
        while (true) {
            Delivery delivery = handover.take();
            if (delivery != null) {
                return delivery;
            }
            handover.await(LONG);
        }
    }

    @Test
    void deliveriesKeepTheirOrder() {
        handover.deliver(delivery(1));
        handover.deliver(delivery(2));

        assertThat(handover.take()).isEqualTo(delivery(1));
        assertThat(handover.take()).isEqualTo(delivery(2));
        assertThat(handover.take()).isNull();
    }

    @Test
    void aFailureThatIsTriedAgainIsUnderWayOnceForEachPartition() {
        TopicPartition other = new TopicPartition("t", 1);
        for (int attempt = 0; attempt < 1000; attempt++) {
            handover.deliver(failure(PARTITION, false));
            handover.deliver(failure(other, false));
        }
        assertThat(handover.take()).isInstanceOf(Delivery.Failure.class);
        assertThat(handover.take()).isInstanceOf(Delivery.Failure.class);
        assertThat(handover.take()).isNull();

        handover.deliver(failure(PARTITION, false));
        assertThat(handover.take()).as("the next attempt after it was taken").isNotNull();
    }

    @Test
    void aFailureThatLastsIsNeverLeftOut() {
        handover.deliver(failure(PARTITION, false));
        handover.deliver(failure(PARTITION, true));

        assertThat(((Delivery.Failure) handover.take()).lasting()).isFalse();
        assertThat(((Delivery.Failure) handover.take()).lasting()).isTrue();
    }

    private static Delivery failure(TopicPartition partition, boolean lasting) {
        return new Delivery.Failure(partition, 1, new KafkaException("not today"), lasting);
    }

    @Test
    void anErrorIsTakenOnceAndTheNewerTakesTheOlderOnesPlace() {
        KafkaException newer = new KafkaException("newer");
        handover.raise(new KafkaException("older"));
        handover.raise(newer);

        assertThat(handover.takeRaised()).isSameAs(newer);
        assertThat(handover.takeRaised()).isNull();
    }

    @Test
    void aSignalBeforeTheWaitEndsIt() {
        handover.signal();
        long start = System.nanoTime();

        handover.await(LONG);

        assertThat(System.nanoTime() - start).isLessThan(LONG);
    }

    @Test
    void aSignalEndsOneWaitOnly() {
        handover.signal();
        handover.await(LONG);
        long start = System.nanoTime();
        while (System.nanoTime() - start < 1_000_000) {
            handover.await(1_000_000);
        }

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(1_000_000);
    }

    @Test
    void anInterruptEndsTheWaitAndStays() {
        Thread.currentThread().interrupt();

        handover.await(LONG);

        assertThat(Thread.interrupted()).isTrue();
    }

    /** Each thread waits for the other in every round, so that a single wake-up lost would be a wait of almost a minute. */
    @Test
    void noWakeUpIsLostBetweenTwoThreads() throws InterruptedException {
        Handover back = new Handover(Threads.REAL);
        AtomicReference<Throwable> failed = new AtomicReference<>();
        Thread loop = new Thread(() -> {
            try {
                for (long round = 0; round < ROUNDS; round++) {
                    handover.deliver(delivery(round));
                    handover.signal();
                    Delivery echo = back.take();
                    while (echo == null) {
                        back.await(LONG);
                        echo = back.take();
                    }
                    assertThat(echo).isEqualTo(delivery(round));
                }
            } catch (Throwable e) {
                failed.set(e);
            }
        });
        long start = System.nanoTime();
        loop.start();
        for (long round = 0; round < ROUNDS; round++) {
            assertThat(next()).isEqualTo(delivery(round));
            back.deliver(delivery(round));
            back.signal();
        }
        loop.join();

        assertThat(failed.get()).isNull();
        assertThat(System.nanoTime() - start).isLessThan(LONG);
    }

    @Test
    void nothingStaysBehindWhenSignalsAndWaitsOverlapAtRandom() throws InterruptedException {
        Thread loop = new Thread(() -> {
            for (long number = 0; number < ROUNDS; number++) {
                handover.deliver(delivery(number));
                handover.signal();
                if (number % 64 == 0) {
                    LockSupport.parkNanos(number % 1000);
                }
            }
        });
        long start = System.nanoTime();
        loop.start();
        for (long number = 0; number < ROUNDS; number++) {
            assertThat(next()).isEqualTo(delivery(number));
        }
        loop.join();

        assertThat(System.nanoTime() - start).isLessThan(LONG);
    }
}
