package dev.surefoot.cli.consume;

import dev.surefoot.cli.console.CommandFailure;
import java.util.LinkedHashMap;
import java.util.Map;

/** Configuration keys from one source, each of which must be there once. */
final class DistinctSettings {

    private final String source;
    private final Map<String, String> values = new LinkedHashMap<>();

    /** Names {@code source} in messages. */
    DistinctSettings(String source) {
        this.source = source;
    }

    void add(String key, String value) {
        if (values.putIfAbsent(key, value) != null) {
            // The values stay out of the message: they may be secrets.
            throw CommandFailure.wrongUsage(source + ": " + key + " is given twice; leave one of them");
        }
    }

    Map<String, String> values() {
        return values;
    }
}
