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
 * Tells the configuration keys that are surely mistakes from those that somebody else may be waiting for, and finds the
 * key that was probably meant.
 *
 * @param known every key there is
 * @param own those of them that no other consumer has
 */
public record UnknownKeys(Set<String> known, List<String> own) {

    /** These go with any suffix, and the suffix is the plug-in's. */
    private static final List<String> OPEN_PREFIXES =
            List.of(AbstractConfig.CONFIG_PROVIDERS_CONFIG, CommonClientConfigs.METRICS_CONTEXT_PREFIX);

    public UnknownKeys {
        known = Set.copyOf(known);
        own = List.copyOf(own);
    }

    /** Tells by the keys that a definition has, {@link OwnKeys} among them. */
    public static UnknownKeys in(ConfigDef definition) {
        return new UnknownKeys(definition.names(), OwnKeys.names());
    }

    /**
     * @throws ConfigException if one of the keys is meant for Surefoot, by its prefix or by its likeness, and not known
     * to it
     */
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

    /** What to tell the user about keys that nothing has read, if any of them is unknown. */
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

    /** Every fifth character may be wrong: enough for a slip or two, too little for another word. */
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
