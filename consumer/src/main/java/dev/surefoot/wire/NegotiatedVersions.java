package dev.surefoot.wire;

import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * The version of each request to use with one broker: the highest that both sides know, by the broker's ApiVersions
 * answer. An immutable value, safe from any thread. It holds for one connection, as a broker may be upgraded before the
 * next.
 */
public final class NegotiatedVersions {
    /** The last Fetch version that names topics by name; v13 names them by id (KIP-516). */
    private static final short FETCH_LAST_BY_NAME = 12;

    /** The first Fetch version with sessions (KIP-227). */
    private static final short FETCH_FIRST_WITH_SESSIONS = 7;

    /** The versions of our own Fetch codec; kafka-clients' limit does not apply to it. */
    private static final Range FETCH = new Range(FetchRequestCodec.LOWEST_VERSION, FetchRequestCodec.HIGHEST_VERSION);

    private final Map<ApiKeys, Range> broker;
    private final String brokerName;

    private NegotiatedVersions(Map<ApiKeys, Range> broker, String brokerName) {
        this.broker = broker;
        this.brokerName = brokerName;
    }

    /**
     * Reads the broker's versions from its answer.
     *
     * @param brokerName names the broker in messages
     */
    static NegotiatedVersions from(ApiVersionsResponseData answer, String brokerName) {
        Map<ApiKeys, Range> broker = new EnumMap<>(ApiKeys.class);
        for (ApiVersion api : answer.apiKeys()) {
            if (ApiKeys.hasId(api.apiKey())) {
                broker.put(ApiKeys.forId(api.apiKey()), new Range(api.minVersion(), api.maxVersion()));
            }
        }
        return new NegotiatedVersions(broker, brokerName);
    }

    /**
     * Returns the Fetch version to use.
     *
     * @param byTopicId whether the request names topics by id (v13 and above) or by name (up to v12)
     * @throws UnsupportedVersionException if the two sides have no such version in common
     */
    public short fetch(boolean byTopicId) {
        Range wanted = byTopicId
                ? new Range((short) (FETCH_LAST_BY_NAME + 1), FETCH.highest)
                : new Range(FETCH.lowest, FETCH_LAST_BY_NAME);
        return highest(ApiKeys.FETCH, wanted);
    }

    /** Whether a Fetch request can name topics by id. */
    public boolean topicIds() {
        return fetchReaches(FETCH_LAST_BY_NAME + 1);
    }

    /** Whether a Fetch request can belong to a session. */
    public boolean sessions() {
        return fetchReaches(FETCH_FIRST_WITH_SESSIONS);
    }

    /**
     * Returns the highest version that the broker, this client and kafka-clients' generated messages know.
     *
     * @throws UnsupportedVersionException if there is none
     */
    short highest(ApiKeys api) {
        return highest(api, ours(api));
    }

    /**
     * Returns the same, but no version below {@code lowest}.
     *
     * @throws UnsupportedVersionException if there is none
     */
    short highest(ApiKeys api, short lowest) {
        return highest(api, new Range(lowest, ours(api).highest));
    }

    private static Range ours(ApiKeys api) {
        return new Range(api.oldestVersion(), api.latestVersion(false));
    }

    private boolean fetchReaches(int version) {
        Range theirs = broker.get(ApiKeys.FETCH);
        return theirs != null && theirs.highest >= version && theirs.lowest <= FETCH.highest;
    }

    private short highest(ApiKeys api, Range ours) {
        Range theirs = broker.get(api);
        if (theirs == null) {
            throw new UnsupportedVersionException(
                    brokerName + " does not know " + api.name + "; this client can use versions " + ours);
        }
        short highest = (short) Math.min(ours.highest, theirs.highest);
        if (highest < ours.lowest || highest < theirs.lowest) {
            throw new UnsupportedVersionException(brokerName + " knows " + api.name + " in versions " + theirs
                    + ", while this client can use versions " + ours + "; they have none in common");
        }
        return highest;
    }

    private record Range(short lowest, short highest) {
        @Override
        public String toString() {
            return lowest + " to " + highest;
        }
    }
}
