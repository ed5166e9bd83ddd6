package dev.surefoot.cli.consume;

import dev.surefoot.cli.console.CommandFailure;
import dev.surefoot.cli.console.FailureLine;
import dev.surefoot.cli.consumer.Consumers;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of the command's consumer: what the command decides, over {@code --config}, over the file, over the
 * command's own defaults.
 *
 * @param bootstrapServer the brokers to ask first
 * @param timeout how long a question to the cluster may take
 */
record ConsumerSettings(String bootstrapServer, Duration timeout) {

    /** What the command decides itself, and what to say to one who asks for it nevertheless. */
    private static final Map<String, String> DECIDED = Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "use --bootstrap-server",
            ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, "keys are read as bytes",
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, "values are read as bytes",
            ConsumerConfig.GROUP_ID_CONFIG, "the command reads without a group",
            ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "the command reads without a group");

    Map<String, Object> merge(@Nullable Path file, Map<String, String> given) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "surefoot-consume");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // Rather a failure than records that are skipped without a word because the log was cut under the reader.
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(timeout.toMillis()));
        if (file != null) {
            settings.putAll(load(file));
        }
        given.forEach((key, value) -> settings.put(checked(key), value));
        // A file may be shared with programs that do have a group; here it must do nothing.
        settings.keySet().removeAll(DECIDED.keySet());
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServer);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        return settings;
    }

    /** Opens the consumer; what it says against its configuration is the user's to mend. */
    static Consumer<byte[], byte[]> open(Consumers.Opening opening, Map<String, Object> settings) {
        try {
            return opening.open(settings);
        } catch (ConfigException e) {
            throw CommandFailure.wrongUsage(FailureLine.lineOf(e), e);
        } catch (KafkaException e) {
            // KafkaConsumer wraps whatever stopped its constructor in a sentence that says nothing.
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw CommandFailure.atRunTime("cannot open a consumer: " + FailureLine.lineOf(cause), e);
        }
    }

    private static String checked(String key) {
        String decided = DECIDED.get(key);
        if (decided != null) {
            throw CommandFailure.wrongUsage("--config cannot set " + key + ": " + decided);
        }
        // A slip of the pen would otherwise go unnoticed. Keys of plug-ins can be given in a file.
        if (!Consumers.knowsConfig(key)) {
            throw CommandFailure.wrongUsage("--config: the consumer has no configuration key '" + key
                    + "' (a plug-in's own key goes into a --command-config file)");
        }
        return key;
    }

    private static Map<String, String> load(Path file) {
        if (!Files.isReadable(file)) {
            throw CommandFailure.wrongUsage("--command-config: there is no readable file " + file);
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw CommandFailure.wrongUsage(
                    "--command-config: cannot read " + file + " (" + FailureLine.lineOf(e) + ")", e);
        }
        Map<String, String> entries = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> entries.put(name, properties.getProperty(name)));
        return entries;
    }
}
