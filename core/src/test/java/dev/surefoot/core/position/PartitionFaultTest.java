package dev.surefoot.core.position;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.position.PartitionFault.Api;
import org.junit.jupiter.api.Test;

class PartitionFaultTest {
    private static final long SECOND = 1_000_000_000L;

    /** So many errors, one in each second. */
    private static PartitionFault row(BrokerError error, int count) {
        PartitionFault fault = null;
        for (int i = 0; i < count; i++) {
            fault = PartitionFault.next(fault, Api.FETCH, 1, error, error.code(), i * SECOND);
        }
        return fault;
    }

    @Test
    void aRowCountsErrorsOfOneCodeFromAnyBroker() {
        PartitionFault first = PartitionFault.next(null, Api.FETCH, 1, BrokerError.REQUEST_TIMED_OUT, (short) 7, 10);
        PartitionFault second = PartitionFault.next(first, Api.FETCH, 2, BrokerError.REQUEST_TIMED_OUT, (short) 7, 30);

        assertThat(second)
                .isEqualTo(new PartitionFault(Api.FETCH, 2, BrokerError.REQUEST_TIMED_OUT, (short) 7, 2, 10, 30));
    }

    @Test
    void anotherCodeOrAnotherRequestBeginsANewRow() {
        PartitionFault fault = row(BrokerError.REQUEST_TIMED_OUT, 3);
        BrokerError unknown = BrokerError.UNKNOWN_SERVER_ERROR;

        assertThat(PartitionFault.next(fault, Api.FETCH, 1, unknown, (short) 9999, 40)
                        .inARow())
                .isEqualTo(1);
        assertThat(PartitionFault.next(fault, Api.LIST_OFFSETS, 1, fault.error(), (short) 7, 40)
                        .inARow())
                .isEqualTo(1);
        PartitionFault numbered = PartitionFault.next(null, Api.FETCH, 1, unknown, (short) 9999, 40);
        assertThat(PartitionFault.next(numbered, Api.FETCH, 1, unknown, (short) 9998, 50)
                        .inARow())
                .as("two codes that this version does not know")
                .isEqualTo(1);
    }

    @Test
    void anErrorThatMayPassLastsFromTheFifthOn() {
        assertThat(row(BrokerError.UNKNOWN_SERVER_ERROR, 4).lasts()).isFalse();
        assertThat(row(BrokerError.UNKNOWN_SERVER_ERROR, 5).lasts()).isTrue();
    }

    @Test
    void anErrorOfOutdatedMetadataLastsAfterTenSeconds() {
        assertThat(row(BrokerError.NOT_LEADER_OR_FOLLOWER, 10).lasts()).isFalse();
        assertThat(row(BrokerError.NOT_LEADER_OR_FOLLOWER, 11).lasts()).isTrue();
    }
}
