package dev.surefoot.net;

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

    private ChannelFault(String what) {
        super(what);
    }

    /** Stores the text in the channel of this key, if it has one. */
    static void leave(SelectionKey key, String what) {
        if (key.attachment() instanceof KafkaChannel channel) {
            channel.state(new ChannelState(ChannelState.State.NOT_CONNECTED, new ChannelFault(what), null));
        }
    }
}
