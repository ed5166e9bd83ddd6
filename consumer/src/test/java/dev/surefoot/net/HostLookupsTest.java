package dev.surefoot.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HostLookupsTest {
    private static final String THREAD_NAME = "host-lookups-test-names";

    private final CountDownLatch answered = new CountDownLatch(1);
    private final HostLookups lookups =
            new HostLookups(host -> List.of(InetAddress.getLoopbackAddress()), THREAD_NAME, answered::countDown);

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(THREAD_NAME))
                .toList();
    }

    /** Programs, and Kafka's own tests, look for threads that are left over as soon as a consumer is closed. */
    @RepeatedTest(100)
    void noIdleThreadIsLeftWhenItIsClosed() throws InterruptedException {
        lookups.start("a.test");
        assertThat(answered.await(30, TimeUnit.SECONDS)).isTrue();
        Thread thread = threads().get(0);
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }

        lookups.close();

        assertThat(thread.isAlive()).isFalse();
    }
}
