package dev.surefoot.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.core.engine.EpochValidationExchange.OffsetForLeaderEpochRequest;
import dev.surefoot.core.position.OffsetForLeaderEpochQuery;
import java.util.Map;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

class NegotiatedVersionsTest {

    @Test
    void theHighestVersionThatBothKnowIsUsed() {
        assertThat(broker(ApiKeys.METADATA, 0, 9).highest(ApiKeys.METADATA)).isEqualTo((short) 9);
        assertThat(broker(ApiKeys.METADATA, 0, 99).highest(ApiKeys.METADATA))
                .isEqualTo(ApiKeys.METADATA.latestVersion(false));
        assertThat(broker(ApiKeys.LIST_OFFSETS, 1, 3).highest(ApiKeys.LIST_OFFSETS))
                .isEqualTo((short) 3);
        assertThat(offsetForLeaderEpoch(broker(ApiKeys.OFFSET_FOR_LEADER_EPOCH, 2, 4)))
                .isEqualTo((short) 4);
    }

    @Test
    void fetchByNameEndsAtVersion12AndByIdBeginsAt13() {
        NegotiatedVersions current = broker(ApiKeys.FETCH, 4, 99);
        assertThat(current.fetch(false)).isEqualTo((short) 12);
        assertThat(current.fetch(true)).isEqualTo(FetchRequestCodec.HIGHEST_VERSION);
        assertThat(current.topicIds()).isTrue();

        NegotiatedVersions old = broker(ApiKeys.FETCH, 0, 11);
        assertThat(old.fetch(false)).isEqualTo((short) 11);
        assertThat(old.topicIds()).isFalse();
        assertThat(old.sessions()).isTrue();
        assertThatThrownBy(() -> old.fetch(true)).isInstanceOf(UnsupportedVersionException.class);

        NegotiatedVersions ancient = broker(ApiKeys.FETCH, 0, 6);
        assertThat(ancient.sessions()).isFalse();
    }

    @Test
    void versionsWithNothingInCommonAreNamedOnBothSides() {
        assertThatThrownBy(() -> broker(ApiKeys.FETCH, 0, 3).fetch(false))
                .isInstanceOf(UnsupportedVersionException.class)
                .hasMessage("broker 1 knows Fetch in versions 0 to 3, while this client can use versions 4 to 12;"
                        + " they have none in common");
        assertThatThrownBy(() -> broker(ApiKeys.FETCH, 0, 3).highest(ApiKeys.METADATA))
                .isInstanceOf(UnsupportedVersionException.class)
                .hasMessageStartingWith("broker 1 does not know Metadata");
        // Before v3 the request asked for the CLUSTER permission.
        assertThatThrownBy(() -> offsetForLeaderEpoch(broker(ApiKeys.OFFSET_FOR_LEADER_EPOCH, 0, 2)))
                .isInstanceOf(UnsupportedVersionException.class);
    }

    @Test
    void apisThatThisClientDoesNotKnowAreIgnored() {
        ApiVersionsResponseData data = new ApiVersionsResponseData();
        data.apiKeys().add(new ApiVersion().setApiKey((short) 9999).setMaxVersion((short) 1));
        assertThat(NegotiatedVersions.from(data, "broker 1").topicIds()).isFalse();
    }

    private static short offsetForLeaderEpoch(NegotiatedVersions versions) {
        return new OffsetForLeaderEpochApi()
                .version(new OffsetForLeaderEpochRequest(1, new OffsetForLeaderEpochQuery(Map.of()), 1), versions);
    }

    static NegotiatedVersions broker(ApiKeys api, int lowest, int highest) {
        ApiVersionsResponseData data = new ApiVersionsResponseData();
        data.apiKeys()
                .add(new ApiVersion()
                        .setApiKey(api.id)
                        .setMinVersion((short) lowest)
                        .setMaxVersion((short) highest));
        return NegotiatedVersions.from(data, "broker 1");
    }
}
