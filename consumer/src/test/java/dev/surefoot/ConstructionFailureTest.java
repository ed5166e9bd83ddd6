package dev.surefoot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.surefoot.assembly.SeamedConsumers;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.net.Transport;
import dev.surefoot.runtime.Loop;
import dev.surefoot.runtime.Seams;
import dev.surefoot.runtime.Threads;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

/** Whichever part of a consumer fails, nothing of what was made before it is left. */
class ConstructionFailureTest {
    private static final int ATTEMPTS = 50;

    private static final List<String> CLOSINGS =
            List.of("key", "value", "interceptor1", "interceptor2", "reporter1", "reporter2");

    /** The parts in the order in which they are made, each of them failing. */
    private enum Failure {
        THE_KEY_DESERIALIZER("key.configure"),
        THE_VALUE_DESERIALIZER("value.configure"),
        A_REPORTER_IS_CONFIGURED("reporter1.configure"),
        THE_LAST_REPORTER_IS_CONFIGURED("reporter2.configure"),
        A_REPORTER_LEARNS_ITS_CONTEXT("reporter1.contextChange"),
        THE_LAST_REPORTER_IS_STARTED("reporter2.init"),
        AN_INTERCEPTOR("interceptor1.configure"),
        THE_LAST_INTERCEPTOR("interceptor2.configure"),
        A_METRIC_IS_REGISTERED("reporter2.metricChange.last-poll-seconds-ago"),
        NO_SERVER_HAS_AN_ADDRESS(Map.of("bootstrap.servers", "no-such-host.invalid:9092")),
        THERE_IS_NO_TRUST_STORE(Map.of("security.protocol", "SSL", "ssl.truststore.location", "no such file")),
        A_SEAM_OF_SESSIONS_THROWS {
            @Override
            Seams seams() {
                UnaryOperator<FetchSession.Factory> throwing = factory -> {
                    throw new IllegalStateException("fails in the seam of sessions");
                };
                return new Seams(UnaryOperator.identity(), throwing);
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
        },
        NOBODY_TURNS_THE_LOOP {
            @Override
            Seams seams() {
                return new Seams(UnaryOperator.identity(), UnaryOperator.identity(), new NoThreads(true));
            }
        },
        THE_SYSTEM_HAS_NO_THREAD {
            @Override
            Seams seams() {
                return new Seams(UnaryOperator.identity(), UnaryOperator.identity(), new NoThreads(false));
            }
        };

        private final String place;
        private final Map<String, Object> changes;

        Failure(String place, Map<String, Object> changes) {
            this.place = place;
            this.changes = changes;
        }

        Failure(String place) {
            this(place, Map.of());
        }

        Failure(Map<String, Object> changes) {
            this("nowhere", changes);
        }

        Failure() {
            this("nowhere", Map.of());
        }

        Seams seams() {
            return Seams.NONE;
        }
    }

    private record NoThreads(boolean noOwner) implements Threads {
        @Override
        public LoopOwner owner(Loop loop, String name) {
            if (noOwner) {
                throw new IllegalStateException("nobody turns the loop");
            }
            LoopOwner real = Threads.REAL.owner(loop, name);
            return new LoopOwner() {
                @Override
                public void start() {
                    throw new OutOfMemoryError("unable to create native thread");
                }

                @Override
                public KafkaException death() {
                    return real.death();
                }

                @Override
                public void close(long timeoutNanos) {
                    real.close(timeoutNanos);
                }
            };
        }

        @Override
        public void park(Object blocker, long nanos) {}

        @Override
        public void unpark(Thread thread) {}
    }

    @BeforeEach
    void reset() {
        CountedPlugIns.reset();
    }

    private static void failAt(Failure failure) {
        // Kafka makes and configures interceptors and reporters in one go, and drops the one that throws an Error. The
        // registry
        // logs whatever else a reporter throws when it hears of a metric.
        boolean madeByKafka = failure.place.matches("(reporter|interceptor)..configure");
        String message = "fails in " + failure.place;
        CountedPlugIns.throwAt(
                failure.place, madeByKafka ? new IllegalStateException(message) : new LinkageError(message));
    }

    private static Throwable fail(Failure failure, Map<String, Object> config) {
        failAt(failure);
        Throwable thrown = catchThrowable(() -> SeamedConsumers.open(config, null, null, failure.seams()));
        assertThat(thrown).as("%s", failure).isInstanceOf(KafkaException.class);
        return thrown;
    }

    /**
     * Each part fails, and meanwhile what was made before it is closed without trouble, with an
     * exception, or with an Error.
     */
    static Stream<Arguments> failures() {
        return Arrays.stream(Failure.values())
                .flatMap(failure ->
                        Stream.of("nothing", "an exception", "an Error").map(thrown -> Arguments.of(failure, thrown)));
    }

    @ParameterizedTest(name = "{0}, and closing throws {1}")
    @MethodSource("failures")
    void nothingIsLeft(Failure failure, String thrownByClosing) {
        for (String name : thrownByClosing.equals("nothing") ? List.<String>of() : CLOSINGS) {
            CountedPlugIns.throwAt(
                    name + ".close",
                    thrownByClosing.equals("an Error")
                            ? new AssertionError("closing " + name)
                            : new IllegalStateException("closing " + name));
        }
        Map<String, Object> config = CountedPlugIns.config(failure.changes);

        fail(failure, config);

        assertThat(CountedPlugIns.left(config)).isEmpty();
    }

    private static long openFiles() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    @ParameterizedTest
    @EnumSource
    void theTransportIsClosed(Failure failure) {
        assumeTrue(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean);
        fail(failure, CountedPlugIns.config(failure.changes)); // loads what is loaded once
        long before = openFiles();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            fail(failure, CountedPlugIns.config(failure.changes));
        }
        assertThat(openFiles()).isLessThan(before + ATTEMPTS);
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"THE_KEY_DESERIALIZER", "THE_VALUE_DESERIALIZER"})
    void givenDeserializersAreClosed(Failure failure) {
        CountedPlugIns.Text keys = new CountedPlugIns.Text();
        CountedPlugIns.Text values = new CountedPlugIns.Text();
        Map<String, Object> config = CountedPlugIns.config(failure.changes);
        failAt(failure);

        Throwable thrown = catchThrowable(() -> SeamedConsumers.open(config, keys, values, failure.seams()));

        assertThat(thrown).isInstanceOf(KafkaException.class);
        assertThat(CountedPlugIns.left(config)).isEmpty();
    }

    @Test
    void whatClosingThrowsIsSuppressedInTheFailure() {
        CountedPlugIns.throwAt("key.close", new IllegalStateException("closing key"));
        CountedPlugIns.throwAt("value.close", new AssertionError("closing value"));

        Throwable thrown = fail(Failure.THE_SYSTEM_HAS_NO_THREAD, CountedPlugIns.config(Map.of()));

        assertThat(thrown.getSuppressed())
                .extracting(Throwable::getMessage)
                .containsExactly("closing value", "closing key");
    }
}
