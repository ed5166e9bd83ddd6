package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidTopicException;
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
    private static Delivery next(Handover from) {
        while (true) {
            Delivery delivery = from.take();
            if (delivery != null) {
                return delivery;
            }
            from.await(LONG);
        }
    }

    /** Notes how long threads would wait, and does not have them wait. */
    private static final class CountedParks implements Threads {
        final List<Long> nanos = new ArrayList<>();
        final List<Thread> unparked = new ArrayList<>();
        Runnable meanwhile = () -> {};

        @Override
        public LoopOwner owner(Loop loop, String name) {
            throw new UnsupportedOperationException("there is no loop here");
        }

        @Override
        public void park(Object blocker, long atMostNanos) {
            nanos.add(atMostNanos);
            meanwhile.run();
        }

        @Override
        public void unpark(Thread thread) {
            unparked.add(thread);
        }
    }

    /**
     * Has threads wait until they are woken, however long that takes: the test's time limit finds a wake-up that is
     * lost.
     */
    private static final class UntilWoken implements Threads {
        @Override
        public LoopOwner owner(Loop loop, String name) {
            throw new UnsupportedOperationException("there is no loop here");
        }

        @Override
        public void park(Object blocker, long nanos) {
            LockSupport.park(blocker);
            if (Thread.interrupted()) {
                throw new AssertionError("nobody has woken the thread that waits");
            }
        }

        @Override
        public void unpark(Thread thread) {
            LockSupport.unpark(thread);
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
    void errorsOfDifferentKindsAreAllKept() {
        KafkaException first = new FencedInstanceIdException("first");
        KafkaException second = new InvalidTopicException("second");
        handover.raise(first);
        handover.raise(second);
        assertThat(handover.takeRaised()).isSameAs(first);
        assertThat(handover.takeRaised()).isSameAs(second);
        assertThat(handover.takeRaised()).isNull();
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
    void aRefusalIsTakenOnceAndOnlyIfItStillConcernsTheApplication() {
        KafkaException cause = new KafkaException("refused");
        handover.refuse(Set.of("t"), cause);
        assertThat(handover.takeRefusal("t"::equals)).isSameAs(cause);
        assertThat(handover.takeRefusal("t"::equals)).as("once").isNull();

        handover.refuse(Set.of("t"), cause);
        assertThat(handover.takeRefusal("other"::equals)).isNull();
        assertThat(handover.takeRefusal("t"::equals)).as("it was dropped").isNull();

        handover.refuse(Set.of("t"), cause);
        handover.forgetRefusal();
        assertThat(handover.takeRefusal("t"::equals)).isNull();
    }

    @Test
    void aRefusalGivesWayToWhatIsSaidNext() {
        KafkaException newer = new KafkaException("newer");
        handover.refuse(Set.of("t"), new KafkaException("older"));
        handover.refuse(Set.of("t"), newer);
        assertThat(handover.takeRefusal("t"::equals)).isSameAs(newer);

        handover.refuse(Set.of("t"), newer);
        handover.refuse(Set.of(), null);
        assertThat(handover.takeRefusal("t"::equals)).isNull();
    }

    @Test
    void aSignalBeforeTheWaitEndsIt() {
        CountedParks parks = new CountedParks();
        Handover counted = new Handover(parks);
        counted.signal();

        counted.await(LONG);

        assertThat(parks.nanos).isEmpty();
    }

    @Test
    void aSignalEndsOneWaitOnly() {
        CountedParks parks = new CountedParks();
        Handover counted = new Handover(parks);
        counted.signal();

        counted.await(LONG);
        counted.await(7);
        counted.await(8);

        assertThat(parks.nanos).containsExactly(7L, 8L);
    }

    @Test
    void aSignalDuringTheWaitEndsThatWaitOnly() {
        CountedParks parks = new CountedParks();
        Handover counted = new Handover(parks);
        parks.meanwhile = counted::signal;

        counted.await(7);
        assertThat(parks.unparked).containsExactly(Thread.currentThread());
        parks.meanwhile = () -> {};
        counted.await(8);

        assertThat(parks.nanos).containsExactly(7L, 8L);
    }

    @Test
    void thereIsNoWaitOfNoTime() {
        CountedParks parks = new CountedParks();

        new Handover(parks).await(0);

        assertThat(parks.nanos).isEmpty();
    }

    @Test
    void anInterruptEndsTheWaitAndStays() {
        Thread.currentThread().interrupt();

        handover.await(LONG);

        assertThat(Thread.interrupted()).isTrue();
    }

    /** Each thread waits for the other in every round, so that a single wake-up lost would be a wait without end. */
    @Test
    void noWakeUpIsLostBetweenTwoThreads() throws InterruptedException {
        Handover there = new Handover(new UntilWoken());
        Handover back = new Handover(new UntilWoken());
        AtomicReference<Throwable> failed = new AtomicReference<>();
        Thread loop = new Thread(() -> {
            try {
                for (long round = 0; round < ROUNDS; round++) {
                    there.deliver(delivery(round));
                    there.signal();
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
        loop.setDaemon(true);
        loop.start();
        for (long round = 0; round < ROUNDS; round++) {
            assertThat(next(there)).isEqualTo(delivery(round));
            back.deliver(delivery(round));
            back.signal();
        }
        loop.join();

        assertThat(failed.get()).isNull();
    }

    @Test
    void nothingStaysBehindWhenSignalsAndWaitsOverlapAtRandom() throws InterruptedException {
        Handover there = new Handover(new UntilWoken());
        Thread loop = new Thread(() -> {
            for (long number = 0; number < ROUNDS; number++) {
                there.deliver(delivery(number));
                there.signal();
                if (number % 64 == 0) {
                    LockSupport.parkNanos(number % 1000);
                }
            }
        });
        loop.setDaemon(true);
        loop.start();
        for (long number = 0; number < ROUNDS; number++) {
            assertThat(next(there)).isEqualTo(delivery(number));
        }
        loop.join();

        assertThat(there.take()).isNull();
    }
}
