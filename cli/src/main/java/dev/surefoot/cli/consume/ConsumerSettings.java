package dev.surefoot.cli.consume;

import dev.surefoot.SurefootConfig;
import dev.surefoot.cli.connection.ConfigFile;
import dev.surefoot.cli.connection.DistinctSettings;
import dev.surefoot.cli.console.CommandFailure;
import dev.surefoot.cli.console.FailureLine;
import dev.surefoot.cli.console.Notices;
import dev.surefoot.cli.consumer.ConfigKeys;
import dev.surefoot.cli.consumer.Consumers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of the command's consumer. The command's own settings override those of {@code --config}, these
 * override those of the file, and these override the command's defaults.
 *
 * <p>A key that no class can read is an error in either source. A file may be shared with programs that have a group or
 * a producer; keys of theirs have no effect here, and a notice says so. In {@code --config} such a key is an error.
 * Keys of groups have an effect if there is a group to join.
 *
 * @param bootstrapServer the brokers to connect to first
 * @param timeout how long a query to the cluster may take
 * @param group the group to join, if there is one
 * @param notices receives the keys of the file that have no effect
 */
record ConsumerSettings(String bootstrapServer, Duration timeout, Optional<GroupToJoin> group, Notices notices) {

    /** The keys that the command sets itself, each with a message for a user who sets it. */
    private static final Map<String, String> DECIDED = Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "use --bootstrap-server",
            ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, "keys are read as bytes",
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, "values are read as bytes",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "use --commit, with --group",
            ConsumerConfig.GROUP_ID_CONFIG, "use --group");

    private static final String WITHOUT_GROUP = "the command reads without a group; use --group";

    private static final String OPTION = "--config";

    /**
     * Merges the sources.
     *
     * @param file the file of {@code --command-config}, or null
     * @param given the values of {@code --config}, each with a key, an equals sign and a value
     */
    Map<String, Object> merge(@Nullable Path file, List<String> given) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "surefoot-consume");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // Without a group a failure is better than skipping records without a message because the log was truncated.
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, group.isPresent() ? "earliest" : "none");
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(timeout.toMillis()));
        Map<String, String> options = optionsOf(given);
        Map<String, String> entries = Map.of();
        String fileName = "";
        if (file != null) {
            ConfigFile source = new ConfigFile(file);
            fileName = source.name();
            entries = source.load();
        }
        settings.putAll(entries);
        settings.putAll(options);
        check(fileName, entries, settings);
        check(OPTION, options, settings);
        tellWhatDoesNothing(fileName, entries);
        entries.keySet().stream().filter(ConfigKeys::isOfAnotherClient).forEach(settings::remove);
        settings.keySet().removeIf(key -> decidedBecause(key) != null);
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServer);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        group.ifPresent(joined -> joinInto(settings, joined, options));
        return settings;
    }

    private static void joinInto(Map<String, Object> settings, GroupToJoin group, Map<String, String> options) {
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group.id());
        if (group.offsetReset() != null) {
            if (options.containsKey(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG)) {
                throw CommandFailure.wrongUsage("--from and " + OPTION + " " + ConsumerConfig.AUTO_OFFSET_RESET_CONFIG
                        + " mean the same in a group; give one of them");
            }
            settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, group.offsetReset());
        }
    }

    /** Returns {@code auto.commit.interval.ms}, in milliseconds, of settings that a consumer was opened with. */
    static int commitIntervalMs(Map<String, Object> settings) {
        String key = ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG;
        Object value = settings.getOrDefault(
                key, SurefootConfig.configDef().defaultValues().get(key));
        return Integer.parseInt(String.valueOf(value).strip());
    }

    /** Opens the consumer. An error in the configuration is reported as wrong usage. */
    static Consumer<byte[], byte[]> open(Consumers.Opening opening, Map<String, Object> settings) {
        try {
            return opening.open(settings);
        } catch (ConfigException e) {
            throw CommandFailure.wrongUsage(FailureLine.lineOf(e), e);
        } catch (KafkaException e) {
            // A constructor wraps the cause of its failure in an exception without information.
            boolean saysNothing = String.valueOf(e.getMessage()).startsWith("Failed to construct");
            Throwable cause = saysNothing && e.getCause() != null ? e.getCause() : e;
            throw CommandFailure.atRunTime("cannot open a consumer: " + FailureLine.lineOf(cause), e);
        }
    }

    private Map<String, String> optionsOf(List<String> given) {
        DistinctSettings options = new DistinctSettings(OPTION);
        for (String each : given) {
            int equals = each.indexOf('=');
            if (equals < 0) {
                throw CommandFailure.wrongUsage(OPTION + ": '" + each + "' is not KEY=VALUE");
            }
            String key = each.substring(0, equals);
            String decided = decidedBecause(key);
            if (decided != null) {
                throw CommandFailure.wrongUsage(OPTION + " cannot set " + key + ": " + decided);
            }
            if (ConfigKeys.isOfAnotherClient(key)) {
                throw CommandFailure.wrongUsage(OPTION + ": " + key + " does nothing for a consumer; leave it out");
            }
            options.add(key, each.substring(equals + 1));
        }
        return options.values();
    }

    /** Refuses keys that are probably misspelt. */
    private static void check(String source, Map<String, String> entries, Map<String, Object> settings) {
        for (String key : new TreeSet<>(entries.keySet())) {
            if (ConfigKeys.isKnown(key)
                    || ConfigKeys.isOfAnotherClient(key)
                    || ConfigKeys.mayBelongToPlugIn(key, settings)) {
                continue;
            }
            throw CommandFailure.wrongUsage(source + ": the consumer has no configuration key '" + key + "'; "
                    + ConfigKeys.nearest(key)
                            .map(meant -> "did you mean " + meant + "?")
                            .orElse("correct or remove it (a key of a class of your own needs that class beside it)"));
        }
    }

    /** Returns why a user cannot set this key; null for a key that can be set. */
    private @Nullable String decidedBecause(String key) {
        return group.isEmpty() && key.equals(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG)
                ? WITHOUT_GROUP
                : DECIDED.get(key);
    }

    private void tellWhatDoesNothing(String fileName, Map<String, String> entries) {
        List<String> idle = entries.keySet().stream()
                .filter(key -> decidedBecause(key) != null || ConfigKeys.isOfAnotherClient(key))
                .sorted()
                .toList();
        if (!idle.isEmpty()) {
            notices.print(fileName + ": nothing is done here with " + String.join(", ", idle));
        }
    }
}
