package dev.surefoot.net;

import dev.surefoot.core.exchange.RequestFailure;
import java.nio.channels.SelectionKey;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.network.ChannelState;
import org.apache.kafka.common.network.KafkaChannel;

/**
 * What a transport layer observed when its connection ended, stored in the state of the channel. Kafka's selector logs
 * an {@link java.io.IOException} at DEBUG and passes on nothing but the channel's state. The field of that state has
 * the type {@link AuthenticationException}, so this class extends it, though it is no refusal.
 */
final class ChannelFault extends AuthenticationException {
    private static final long serialVersionUID = 1L;

    private final RequestFailure.Reason reason;
    private final long bytes;

    private ChannelFault(RequestFailure.Reason reason, String what, long bytes) {
        super(what);
        this.reason = reason;
        this.bytes = bytes;
    }

    RequestFailure.Reason reason() {
        return reason;
    }

    /** The size of an answer that is too large, else 0. */
    long bytes() {
        return bytes;
    }

    /**
     * Stores what was observed in the channel of this key, if it has one.
     *
     * @param bytes the size of an answer that is too large, else 0
     */
    static void leave(SelectionKey key, RequestFailure.Reason reason, String what, long bytes) {
        if (key.attachment() instanceof KafkaChannel channel) {
            channel.state(
                    new ChannelState(ChannelState.State.NOT_CONNECTED, new ChannelFault(reason, what, bytes), null));
        }
    }
}
