package dev.surefoot.cli.doctor;

import dev.surefoot.SurefootConfig;
import dev.surefoot.cli.connection.ConfigFile;
import dev.surefoot.cli.connection.DistinctSettings;
import dev.surefoot.cli.console.CommandFailure;
import dev.surefoot.cli.console.FailureLine;
import dev.surefoot.cli.consumer.ConfigKeys;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * How the cluster is reached. Keys of the file that only consumers or producers have are left out, as the file may be
 * shared with them.
 *
 * @param bootstrapServer the brokers to connect to first
 * @param timeoutMs how long the cluster may take to answer a question, in milliseconds
 */
record AdminSettings(String bootstrapServer, int timeoutMs) {

    private static final String OPTION = "--config";

    /**
     * Merges the sources; {@code given} overrides {@code file}.
     *
     * @param file the file of {@code --command-config}, or null
     * @param given the values of {@code --config}, each with a key, an equals sign and a value
     */
    Map<String, Object> merge(@Nullable Path file, List<String> given) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(AdminClientConfig.CLIENT_ID_CONFIG, "surefoot-doctor");
        Map<String, String> options = optionsOf(given);
        if (file != null) {
            ConfigFile source = new ConfigFile(file);
            Map<String, String> entries = source.load();
            settings.putAll(entries);
            settings.putAll(options);
            check(source.name(), entries.keySet(), settings);
        }
        settings.putAll(options);
        check(OPTION, options.keySet(), settings);
        limitWaits(settings);
        settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServer);
        return settings;
    }

    /**
     * Sets those time-outs that the user has not. A question must not wait for a broker that does not answer until it
     * is too late to ask another; the admin client refuses a question that may take less time than a request.
     */
    private void limitWaits(Map<String, Object> settings) {
        String request = AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG;
        String question = AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG;
        settings.putIfAbsent(request, Math.min(timeoutMs, msOf(settings, question)));
        settings.putIfAbsent(question, Math.max(timeoutMs, msOf(settings, request)));
    }

    private int msOf(Map<String, Object> settings, String key) {
        try {
            return Integer.parseInt(
                    String.valueOf(settings.getOrDefault(key, timeoutMs)).trim());
        } catch (NumberFormatException e) {
            return timeoutMs; // the admin client refuses it, with its name
        }
    }

    private static Map<String, String> optionsOf(List<String> given) {
        DistinctSettings options = new DistinctSettings(OPTION);
        for (String each : given) {
            int equals = each.indexOf('=');
            if (equals < 0) {
                throw CommandFailure.wrongUsage(OPTION + ": '" + each + "' is not KEY=VALUE");
            }
            String key = each.substring(0, equals);
            if (key.equals(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG)) {
                throw CommandFailure.wrongUsage(OPTION + " cannot set " + key + ": use --bootstrap-server");
            }
            boolean ofOthersOnly = ConfigKeys.isKnown(key) || ConfigKeys.isOfAnotherClient(key);
            if (ofOthersOnly && !AdminClientConfig.configNames().contains(key)) {
                throw CommandFailure.wrongUsage(OPTION + ": " + key + " does nothing here; leave it out");
            }
            options.add(key, each.substring(equals + 1));
        }
        return options.values();
    }

    /** Refuses keys that are probably misspelt. */
    private static void check(String source, Set<String> keys, Map<String, Object> settings) {
        for (String key : new TreeSet<>(keys)) {
            if (!AdminClientConfig.configNames().contains(key)
                    && !ConfigKeys.isKnown(key)
                    && !ConfigKeys.isOfAnotherClient(key)
                    && !ConfigKeys.mayBelongToPlugIn(key, settings)) {
                throw CommandFailure.wrongUsage(source + ": no client has a configuration key '" + key + "'; "
                        + ConfigKeys.nearest(key)
                                .map(meant -> "did you mean " + meant + "?")
                                .orElse("correct or remove it"));
            }
        }
    }

    /** Opens the admin client. An error in the configuration is reported as wrong usage. */
    static Admin open(Map<String, Object> settings) {
        Map<String, Object> own = new HashMap<>(settings);
        own.keySet()
                .removeIf(key -> !AdminClientConfig.configNames().contains(key)
                        && (SurefootConfig.configDef().names().contains(key) || ConfigKeys.isOfAnotherClient(key)));
        try {
            return Admin.create(own);
        } catch (ConfigException e) {
            throw CommandFailure.wrongUsage(FailureLine.lineOf(e), e);
        } catch (KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof ConfigException) {
                throw CommandFailure.wrongUsage(FailureLine.lineOf(cause), e);
            }
            throw CommandFailure.couldNotLook("cannot open an admin client: " + FailureLine.lineOf(cause), e);
        }
    }

    /** Returns the settings of a consumer that reaches the cluster in the same way. */
    static Map<String, Object> ofConsumer(Map<String, Object> settings) {
        Map<String, Object> same = new HashMap<>(settings);
        same.keySet().removeIf(ConfigKeys::isOfAnotherClient);
        same.keySet()
                .removeAll(Set.of(
                        ConsumerConfig.GROUP_ID_CONFIG,
                        ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
                        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                        ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG));
        return same;
    }
}
