package dev.surefoot.assembly;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;

/** Checks the keys about bad records together, and says what they mean. Stateless. */
public final class BadRecordRules {
    private BadRecordRules() {}

    /** @throws ConfigException if there is a handler that nothing calls, or none where one is needed */
    public static void check(AbstractConfig config) {
        String action = config.getString(OwnKeys.ON_BAD_RECORD);
        Class<?> handler = config.getClass(OwnKeys.ON_BAD_RECORD_HANDLER);
        if (handsOver(config) && handler == null) {
            throw new ConfigException(OwnKeys.ON_BAD_RECORD + "=" + action + " needs " + OwnKeys.ON_BAD_RECORD_HANDLER
                    + ": set it to a class that implements dev.surefoot.BadRecordHandler.");
        }
        if (!handsOver(config) && handler != null) {
            throw new ConfigException(OwnKeys.ON_BAD_RECORD_HANDLER + " names " + handler.getName() + ", which "
                    + OwnKeys.ON_BAD_RECORD + "=" + action + " would never call. Set " + OwnKeys.ON_BAD_RECORD + "="
                    + OwnKeys.DEAD_LETTER + ", or remove " + OwnKeys.ON_BAD_RECORD_HANDLER + ".");
        }
    }

    /** Whether bad records are passed over. */
    static boolean passOver(AbstractConfig config) {
        return !OwnKeys.DEFAULT_ON_BAD_RECORD.equals(config.getString(OwnKeys.ON_BAD_RECORD));
    }

    /** Whether a handler takes bad records over. */
    static boolean handsOver(AbstractConfig config) {
        return OwnKeys.DEAD_LETTER.equals(config.getString(OwnKeys.ON_BAD_RECORD));
    }
}
