package dev.surefoot.assembly;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * Separates unknown configuration keys that are mistakes from those that a plug-in may read, and finds the key that was
 * probably meant.
 *
 * @param known every key of the definition
 * @param own those of them that no other consumer has
 */
public record UnknownKeys(Set<String> known, List<String> own) {

    /** Keys with these prefixes are a plug-in's: any suffix is valid. */
    private static final List<String> OPEN_PREFIXES =
            List.of(AbstractConfig.CONFIG_PROVIDERS_CONFIG, CommonClientConfigs.METRICS_CONTEXT_PREFIX);

    public UnknownKeys {
        known = Set.copyOf(known);
        own = List.copyOf(own);
    }

    /** Makes the check for the keys of a definition, {@link OwnKeys} among them. */
    public static UnknownKeys in(ConfigDef definition) {
        return new UnknownKeys(definition.names(), OwnKeys.names());
    }

    /** @throws ConfigException if an unknown key has Surefoot's prefix or nearly equals one of its keys */
    public void refuse(Collection<String> given) {
        for (String key : new TreeSet<>(given)) {
            String meant = nearest(key, own);
            if (isUnknown(key) && (key.startsWith(OwnKeys.PREFIX) || isLike(key, meant))) {
                throw new ConfigException("Unknown configuration key '" + key + "'. Did you mean '" + meant
                        + "'? The keys that Surefoot adds to those of ConsumerConfig are " + String.join(", ", own)
                        + ".");
            }
        }
    }

    /** Returns a text about the unknown keys among those that nothing has read, or nothing if there is none. */
    public Optional<String> complaint(Collection<String> unread) {
        List<String> unknown = unread.stream().filter(this::isUnknown).sorted().toList();
        if (unknown.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of("These configuration keys are not known and nothing has read them: "
                + unknown.stream().map(this::withSuggestion).collect(Collectors.joining(", "))
                + ". Correct or remove them, unless a class of yours reads them later.");
    }

    private boolean isUnknown(String key) {
        return !known.contains(key) && OPEN_PREFIXES.stream().noneMatch(key::startsWith);
    }

    private String withSuggestion(String key) {
        String meant = nearest(key, known);
        return isLike(key, meant) ? key + " (did you mean " + meant + "?)" : key;
    }

    private static String nearest(String key, Collection<String> candidates) {
        return candidates.stream()
                .min(Comparator.<String>comparingInt(candidate -> distance(key, candidate))
                        .thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
    }

    /** Allows one wrong character in five: enough for a slip or two, too few for another word. */
    private static boolean isLike(String key, String other) {
        return distance(key, other) <= Math.max(key.length(), other.length()) / 5;
    }

    /** The Levenshtein distance: how many characters to insert, delete or replace to get from one to the other. */
    static int distance(String from, String to) {
        int[] previous = new int[to.length() + 1];
        for (int column = 0; column <= to.length(); column++) {
            previous[column] = column;
        }
        for (int row = 1; row <= from.length(); row++) {
            int[] current = new int[to.length() + 1];
            current[0] = row;
            for (int column = 1; column <= to.length(); column++) {
                int replace = previous[column - 1] + (from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1);
                current[column] = Math.min(replace, 1 + Math.min(previous[column], current[column - 1]));
            }
            previous = current;
        }
        return previous[to.length()];
    }
}
