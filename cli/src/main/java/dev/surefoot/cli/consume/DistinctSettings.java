package dev.surefoot.cli.consume;

import dev.surefoot.cli.console.CommandFailure;
import java.util.LinkedHashMap;
import java.util.Map;

/** Configuration keys from one source. Each key may occur once. */
final class DistinctSettings {

    private final String source;
    private final Map<String, String> values = new LinkedHashMap<>();

    /** @param source the name of the source in messages */
    DistinctSettings(String source) {
        this.source = source;
    }

    void add(String key, String value) {
        if (values.putIfAbsent(key, value) != null) {
            // The message omits the values: they may be secrets.
            throw CommandFailure.wrongUsage(source + ": " + key + " is given twice; leave one of them");
        }
    }

    Map<String, String> values() {
        return values;
    }
}
