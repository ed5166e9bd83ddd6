package dev.surefoot.assembly;

import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidGroupIdException;

/** Checks the keys about groups for what Kafka's definition of keys does not check. Stateless. */
public final class GroupRules {
    private static final int INSTANCE_ID_MAX = 249;
    private static final Pattern INSTANCE_ID = Pattern.compile("[a-zA-Z0-9._-]+");

    private GroupRules() {}

    /**
     * @throws InvalidGroupIdException if {@code group.id} is blank
     * @throws InvalidConfigurationException if {@code group.instance.id} cannot be one
     * @throws IllegalArgumentException if heartbeats are not more frequent than sessions end
     */
    public static void check(AbstractConfig config) {
        String groupId = config.getString(ConsumerConfig.GROUP_ID_CONFIG);
        if (groupId != null && groupId.isBlank()) {
            throw new InvalidGroupIdException("The configured group.id should not be an empty string or whitespace.");
        }
        String instanceId = config.getString(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        if (instanceId != null && !isInstanceId(instanceId)) {
            throw new InvalidConfigurationException("group.instance.id '" + instanceId + "' is not valid: it has 1 to "
                    + INSTANCE_ID_MAX + " letters, digits, '.', '_' and '-', and is neither \".\" nor \"..\"");
        }
        if (groupId != null
                && config.getInt(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG)
                        >= config.getInt(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG)) {
            throw new IllegalArgumentException("Heartbeat must be set lower than the session timeout:"
                    + " heartbeat.interval.ms is " + config.getInt(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG)
                    + ", session.timeout.ms is " + config.getInt(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG));
        }
    }

    private static boolean isInstanceId(String id) {
        return id.length() <= INSTANCE_ID_MAX
                && !id.equals(".")
                && !id.equals("..")
                && INSTANCE_ID.matcher(id).matches();
    }
}
