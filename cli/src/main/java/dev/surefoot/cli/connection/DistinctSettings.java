package dev.surefoot.cli.connection;

import dev.surefoot.cli.console.CommandFailure;
import java.util.LinkedHashMap;
import java.util.Map;

/** Configuration keys from one source. Each key may occur once. */
public final class DistinctSettings {

    private final String source;
    private final Map<String, String> values = new LinkedHashMap<>();

    /** @param source the name of the source in messages */
    public DistinctSettings(String source) {
        this.source = source;
    }

    /** Adds a key that must not be there yet. */
    public void add(String key, String value) {
        if (values.putIfAbsent(key, value) != null) {
            // The message omits the values: they may be secrets.
            throw CommandFailure.wrongUsage(source + ": " + key + " is given twice; leave one of them");
        }
    }

    /** Returns the keys and values in the order in which they were added. */
    public Map<String, String> values() {
        return values;
    }
}
