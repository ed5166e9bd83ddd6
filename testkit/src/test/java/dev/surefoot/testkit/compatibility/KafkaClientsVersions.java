package dev.surefoot.testkit.compatibility;

import java.util.List;

/** The versions of kafka-clients that Surefoot works with. A new one takes one line here, below the
 * others, and an artifact in the pom of this module. */
final class KafkaClientsVersions {
    private static final List<String> OLDEST_FIRST = """
            4.0.0
            4.0.1
            4.0.2
            4.1.2
            4.2.2
            4.3.1
            4.4.0
            """.lines().toList();

    private KafkaClientsVersions() {}

    /** The oldest and the newest; or all, with {@code mvn -P thorough}. */
    static List<String> tried() {
        return System.getProperty("surefoot.versions", "ends").equals("all")
                ? OLDEST_FIRST
                : List.of(OLDEST_FIRST.get(0), newest());
    }

    /** All of them, oldest first. */
    static List<String> all() {
        return OLDEST_FIRST;
    }

    static String newest() {
        return OLDEST_FIRST.get(OLDEST_FIRST.size() - 1);
    }
}
