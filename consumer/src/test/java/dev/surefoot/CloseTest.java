package dev.surefoot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.surefoot.assembly.SeamedConsumers;
import dev.surefoot.net.Transport;
import dev.surefoot.runtime.Loop;
import dev.surefoot.runtime.Seams;
import dev.surefoot.runtime.Threads;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Closing a consumer closes each of its parts, whatever the others throw. */
class CloseTest {
    private final AtomicBoolean transportClosed = new AtomicBoolean();
    private RuntimeException thrownByTransport;
    private Error thrownByOwner;

    @BeforeEach
    void reset() {
        CountedPlugIns.reset();
    }

    private Consumer<String, String> open(Map<String, Object> config) {
        return SeamedConsumers.open(
                config, null, null, new Seams(this::watched, UnaryOperator.identity(), new WatchedThreads()));
    }

    /** The transport, which throws when it is closed if a test wants that, after it has closed. */
    private Transport watched(Transport transport) {
        return (Transport) Proxy.newProxyInstance(
                CloseTest.class.getClassLoader(), new Class<?>[] {Transport.class}, (proxy, method, arguments) -> {
                    Object result;
                    try {
                        result = method.invoke(transport, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (method.getName().equals("close")) {
                        transportClosed.set(true);
                        if (thrownByTransport != null) {
                            throw thrownByTransport;
                        }
                    }
                    return result;
                });
    }

    private final class WatchedThreads implements Threads {
        @Override
        public LoopOwner owner(Loop loop, String name) {
            LoopOwner real = REAL.owner(loop, name);
            return new LoopOwner() {
                @Override
                public void start() {
                    real.start();
                }

                @Override
                public KafkaException death() {
                    return real.death();
                }

                @Override
                public void close(long timeoutNanos) {
                    real.close(timeoutNanos);
                    if (thrownByOwner != null) {
                        throw thrownByOwner;
                    }
                }
            };
        }

        @Override
        public void park(Object blocker, long nanos) {
            REAL.park(blocker, nanos);
        }

        @Override
        public void unpark(Thread thread) {
            REAL.unpark(thread);
        }
    }

    private void assertNothingIsLeft(Map<String, Object> config) {
        assertThat(CountedPlugIns.left(config)).isEmpty();
        assertThat(transportClosed).isTrue();
    }

    @Test
    void nothingIsLeft() {
        Map<String, Object> config = CountedPlugIns.config(Map.of());
        Consumer<String, String> consumer = open(config);
        consumer.assign(List.of(new TopicPartition("t", 0)));
        consumer.poll(Duration.ZERO);
        assertThat(CountedPlugIns.left(config)).hasSizeGreaterThan(7);

        consumer.close();

        assertNothingIsLeft(config);
    }

    /** Kafka's own consumer logs what an interceptor or a reporter throws, and nothing else. */
    @ParameterizedTest
    @CsvSource({
        "key, true, true",
        "value, true, true",
        "interceptor1, false, true",
        "interceptor2, false, true",
        "reporter1, false, true",
        "reporter2, false, true"
    })
    void aPlugInThatThrowsKeepsNoOtherPartOpen(String name, boolean throwsException, boolean throwsError) {
        for (boolean error : new boolean[] {false, true}) {
            CountedPlugIns.reset();
            Throwable closing = error ? new LinkageError("closing") : new IllegalStateException("closing");
            CountedPlugIns.throwAt(name + ".close", closing);
            Map<String, Object> config = CountedPlugIns.config(Map.of());
            Consumer<String, String> consumer = open(config);

            Throwable thrown = catchThrowable(consumer::close);

            assertNothingIsLeft(config);
            if (error ? throwsError : throwsException) {
                assertThat(thrown)
                        .isInstanceOf(KafkaException.class)
                        .hasMessage("Failed to close kafka consumer")
                        .hasCause(closing);
            } else {
                assertThat(thrown).isNull();
            }
            assertThat(catchThrowable(consumer::close)).as("closed again").isNull();
        }
    }

    @Test
    void theFirstFailureCarriesTheOthers() {
        thrownByOwner = new LinkageError("owner");
        List<String> plugIns = List.of("interceptor1", "interceptor2", "reporter1", "reporter2", "key", "value");
        plugIns.forEach(name -> CountedPlugIns.throwAt(name + ".close", new LinkageError(name)));
        Map<String, Object> config = CountedPlugIns.config(Map.of());

        Throwable thrown = catchThrowable(open(config)::close);

        assertThat(thrown).isInstanceOf(KafkaException.class).hasCause(thrownByOwner);
        List<String> carried = new ArrayList<>();
        addSuppressed(thrownByOwner, carried);
        assertThat(carried).containsExactlyElementsOf(plugIns);
        assertNothingIsLeft(config);
    }

    private static void addSuppressed(Throwable failure, List<String> carried) {
        Arrays.stream(failure.getSuppressed()).forEach(suppressed -> {
            carried.add(suppressed.getMessage());
            addSuppressed(suppressed, carried);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTransportThatThrowsKeepsNoPlugInOpen(boolean plugInsThrow) {
        thrownByTransport = new IllegalStateException("transport");
        if (plugInsThrow) {
            CountedPlugIns.throwAt("key.close", new LinkageError("key"));
        }
        Map<String, Object> config = CountedPlugIns.config(Map.of());

        Throwable thrown = catchThrowable(open(config)::close);

        assertThat(thrown != null).isEqualTo(plugInsThrow); // the loop's thread logs what its transport throws
        assertNothingIsLeft(config);
    }
}
