package dev.surefoot.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.exchange.LinkCondition;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.RequestFailure.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.MetadataResponseData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A name service that is slow or broken holds up the brokers whose names it does not resolve, and nothing else. */
@Timeout(60)
class SlowNamesTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final CountDownLatch nameServiceAnswers = new CountDownLatch(1);
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private final Semaphore arrived = new Semaphore(0);
    private final List<String> asked = new CopyOnWriteArrayList<>();

    /** Does not answer for hosts that begin with "slow" before it is told to. */
    private final HostLookups.Resolver resolver = host -> {
        asked.add(host);
        mostAtOnce.accumulateAndGet(now.incrementAndGet(), Math::max);
        arrived.release();
        if (host.startsWith("slow")) {
            await(nameServiceAnswers, host);
        }
        now.decrementAndGet();
        return List.of(LOOPBACK);
    };

    private static void await(CountDownLatch latch, String host) throws UnknownHostException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new UnknownHostException(host + ": interrupted");
        }
    }

    @AfterEach
    void letGo() {
        nameServiceAnswers.countDown();
    }

    private static ScriptedBroker answering() throws IOException {
        return ScriptedBroker.with(request -> request.answer(new MetadataResponseData()));
    }

    private static Node named(String host, ScriptedBroker broker, int id) {
        return new Node(id, host, broker.node(id).port());
    }

    @Test
    void theOthersAreServedWhileOneNameIsNotResolved() throws IOException {
        try (ScriptedBroker broker = answering();
                TransportRun run =
                        new TransportRun(resolver, named("slow.test", broker, 1), named("quick.test", broker, 2))) {
            assertThat(run.readiness(1))
                    .isInstanceOfSatisfying(
                            Readiness.NotYet.class,
                            notYet -> assertThat(notYet.cause()).isEqualTo(Readiness.Cause.RESOLVING));
            run.sendWhenReady(TransportRun.metadata(2, "a"));
            run.await("the answer of the other broker", () -> run.ended.size() == 1);
            assertThat(run.ended.get(0).failure()).isNull();
            assertThat(condition(run, 1).state()).isEqualTo(LinkCondition.State.RESOLVING);
            assertThat(condition(run, 2).state()).isEqualTo(LinkCondition.State.READY);

            nameServiceAnswers.countDown();
            run.sendWhenReady(TransportRun.metadata(1, "b"));
            run.await("the answer of the slow broker", () -> run.ended.size() == 2);
            assertThat(run.ended.get(1).failure()).isNull();
        }
    }

    @Test
    void aNameThatIsNotResolvedInTimeFailsAndTheLateAnswerServesTheNextAttempt() throws IOException {
        try (ScriptedBroker broker = answering();
                TransportRun run = new TransportRun(resolver, named("slow.test", broker, 1))) {
            assertThat(run.readiness(1)).isInstanceOf(Readiness.NotYet.class);
            run.clock.advanceMs(12_001);
            assertThat(run.awaitFailure().reason()).isEqualTo(Reason.NAME_UNRESOLVED);
            assertThat(run.awaitFailure().cause()).hasMessageContaining("name service");
            assertThat(condition(run, 1).lastFailure()).isEqualTo(run.awaitFailure());
            nameServiceAnswers.countDown();
            run.clock.advanceMs(10_000);
            run.await("readiness", () -> run.isReady(1));
            assertThat(asked).containsOnlyOnce("slow.test");
            assertThat(condition(run, 1).address()).startsWith(LOOPBACK.getHostAddress() + ":");
        }
    }

    @Test
    void oneLookupServesTheConnectionsOfAllPurposes() throws IOException {
        try (ScriptedBroker broker = answering();
                TransportRun run = new TransportRun(resolver, named("slow.test", broker, 1))) {
            for (Purpose purpose : Purpose.values()) {
                run.transport.readiness(1, purpose, run.clock.nanos());
            }
            nameServiceAnswers.countDown();
            for (Purpose purpose : Purpose.values()) {
                run.await(
                        "readiness for " + purpose,
                        () -> run.transport.readiness(1, purpose, run.clock.nanos()) instanceof Readiness.Ready);
            }
            assertThat(asked).containsExactly("slow.test");
        }
    }

    @Test
    void anAddressInPlaceOfANameNeedsNoNameService() {
        HostLookups.Resolver none = host -> {
            throw new UnknownHostException(host);
        };
        try (HostLookups lookups = new HostLookups(none, "unused", () -> {})) {
            for (String host : List.of("10.0.0.1", "255.255.255.255", "::1", "fe80::1")) {
                assertThat(new BrokerAddresses(new Node(1, host, 9092), lookups).next())
                        .as(host)
                        .isNotNull();
            }
            for (String host : List.of("localhost", "10.0.0.1.example", "256.0.0.1", "10", "a")) {
                assertThat(new BrokerAddresses(new Node(1, host, 9092), lookups).next())
                        .as(host)
                        .isNull();
            }
        }
    }

    @Test
    void eachAttemptTriesTheNextAddressAndThenResolvesAnew() throws Exception {
        InetAddress first = InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
        InetAddress second = InetAddress.getByAddress(new byte[] {10, 0, 0, 2});
        AtomicInteger resolved = new AtomicInteger();
        CountedWakeups wakeups = new CountedWakeups();
        try (HostLookups lookups = new HostLookups(
                host -> {
                    resolved.incrementAndGet();
                    return List.of(first, second);
                },
                "names",
                wakeups)) {
            BrokerAddresses addresses = new BrokerAddresses(new Node(1, "b", 9092), lookups);
            assertThat(addresses.next()).isNull();
            wakeups.await();
            lookups.takeAnswers(addresses::resolved);
            assertThat(Objects.requireNonNull(addresses.next()).getAddress()).isEqualTo(first);
            assertThat(Objects.requireNonNull(addresses.next()).getAddress()).isEqualTo(second);
            assertThat(resolved).hasValue(1);
            assertThat(addresses.next()).isNull();
            wakeups.await();
            lookups.takeAnswers(addresses::resolved);
            assertThat(Objects.requireNonNull(addresses.next()).getAddress()).isEqualTo(first);
            addresses.forgetTried();
            assertThat(addresses.next()).isNull();
            wakeups.await();
            assertThat(resolved).hasValue(3);
            lookups.takeAnswers(addresses::resolved);
        }
    }

    @Test
    void theThreadsAreBoundedAndWhatWaitsIsLookedUpLater() throws Exception {
        int hosts = 3 * HostLookups.THREADS_MAX;
        CountedWakeups wakeups = new CountedWakeups();
        List<String> answered = new ArrayList<>();
        try (HostLookups lookups = new HostLookups(resolver, "names", wakeups)) {
            for (int host = 0; host < hosts; host++) {
                lookups.start("slow" + host);
                lookups.start("slow" + host);
            }
            assertThat(arrived.tryAcquire(HostLookups.THREADS_MAX, 20, TimeUnit.SECONDS))
                    .as("all threads")
                    .isTrue();
            nameServiceAnswers.countDown();
            while (answered.size() < hosts) {
                wakeups.await();
                lookups.takeAnswers(answer -> answered.add(answer.host()));
            }
            assertThat(mostAtOnce).hasValueLessThanOrEqualTo(HostLookups.THREADS_MAX);
            assertThat(answered).doesNotHaveDuplicates();
            assertThat(asked).hasSize(hosts);
        }
    }

    @Test
    void whateverTheResolverThrowsBecomesAnAnswer() throws Exception {
        for (Throwable thrown : List.of(new IllegalStateException("broken"), new StackOverflowError("deep"))) {
            CountedWakeups wakeups = new CountedWakeups();
            List<HostLookups.Answer> answers = new ArrayList<>();
            try (HostLookups lookups = new HostLookups(
                    host -> {
                        if (thrown instanceof Error error) {
                            throw error;
                        }
                        throw (RuntimeException) thrown;
                    },
                    "names",
                    wakeups)) {
                lookups.start("a");
                wakeups.await();
                lookups.takeAnswers(answers::add);
                assertThat(answers).extracting(HostLookups.Answer::failure).containsExactly(thrown);
                lookups.start("a");
                wakeups.await();
            }
        }
    }

    private static LinkCondition condition(TransportRun run, int nodeId) {
        return Objects.requireNonNull(run.transport.condition(nodeId, Purpose.CONTROL, run.clock.nanos()));
    }

    private static final class CountedWakeups implements Runnable {
        private final Semaphore wakeups = new Semaphore(0);

        @Override
        public void run() {
            wakeups.release();
        }

        void await() throws InterruptedException {
            assertThat(wakeups.tryAcquire(20, TimeUnit.SECONDS)).as("a wake-up").isTrue();
        }
    }
}
