package dev.surefoot.cli.consumer;

import dev.surefoot.FetchReport;
import dev.surefoot.SurefootConsumer;
import dev.surefoot.assembly.SeamedConsumers;
import dev.surefoot.testkit.museum.Exhibit;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Opens the consumers that the commands read with. */
public final class Consumers {

    private Consumers() {}

    /** Opens a consumer of raw bytes. */
    @FunctionalInterface
    public interface Opening {

        /** Opens a consumer with this configuration; the caller closes it. */
        Consumer<byte[], byte[]> open(Map<String, Object> config);
    }

    /** Surefoot's consumer. */
    public static Consumer<byte[], byte[]> surefoot(Map<String, Object> config) {
        return new SurefootConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** The same with the session handler of {@link Exhibit#F1}, which is known to be broken. */
    public static Consumer<byte[], byte[]> broken(Map<String, Object> config) {
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        return SeamedConsumers.open(config, bytes, bytes, Exhibit.F1.seams());
    }

    /** What the consumer's fetches have cost so far. */
    public static FetchFigures figuresOf(Consumer<byte[], byte[]> consumer) {
        if (!(consumer instanceof SurefootConsumer<?, ?> surefoot)) {
            return FetchFigures.NONE;
        }
        FetchReport report = surefoot.fetchReport();
        return new FetchFigures(
                report.sessionsOpened(),
                report.fullFetches(),
                report.incrementalFetches(),
                report.requestBytes(),
                report.responseBytes(),
                report.savedBytes());
    }
}
