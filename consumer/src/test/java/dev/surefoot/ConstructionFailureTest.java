package dev.surefoot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.surefoot.assembly.SeamedConsumers;
import dev.surefoot.net.Transport;
import dev.surefoot.runtime.Loop;
import dev.surefoot.runtime.Seams;
import dev.surefoot.runtime.Threads;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A consumer that does not come about after its transport was made leaves no selector open. */
class ConstructionFailureTest {
    private static final int ATTEMPTS = 50;

    private enum Failure {
        THE_SYSTEM_HAS_NO_THREAD {
            @Override
            Seams seams() {
                return new Seams(UnaryOperator.identity(), UnaryOperator.identity(), new NoThreads());
            }
        },
        A_SEAM_THROWS {
            @Override
            Seams seams() {
                UnaryOperator<Transport> throwing = transport -> {
                    throw new IllegalStateException("fails in a seam");
                };
                return new Seams(throwing, UnaryOperator.identity());
            }
        };

        abstract Seams seams();
    }

    private static final class NoThreads implements Threads {
        @Override
        public LoopOwner owner(Loop loop, String name) {
            throw new OutOfMemoryError("unable to create native thread");
        }

        @Override
        public void park(Object blocker, long nanos) {}

        @Override
        public void unpark(Thread thread) {}
    }

    private static long openFiles() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    @ParameterizedTest
    @EnumSource
    void theTransportIsClosed(Failure failure) {
        assumeTrue(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean);
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        Map<String, Object> config = Map.of("bootstrap.servers", "127.0.0.1:1");
        long before = openFiles();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            assertThatExceptionOfType(KafkaException.class)
                    .isThrownBy(() -> SeamedConsumers.open(config, bytes, bytes, failure.seams()));
        }
        assertThat(openFiles()).isLessThan(before + ATTEMPTS);
    }
}
