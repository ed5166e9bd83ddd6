package dev.surefoot.net;

import java.nio.channels.SelectionKey;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.network.ChannelState;
import org.apache.kafka.common.network.KafkaChannel;

/**
 * What a transport layer saw when its connection ended, left in the state of the channel. Kafka's selector logs an
 * {@link java.io.IOException} at DEBUG and forgets it; the state of a channel is all that it passes on. Only the type
 * of the state's field makes this an {@link AuthenticationException}: it is no refusal.
 */
final class ChannelFault extends AuthenticationException {
    private static final long serialVersionUID = 1L;

    private ChannelFault(String what) {
        super(what);
    }

    /** Leaves the word in the channel of this key, if it has one. */
    static void leave(SelectionKey key, String what) {
        if (key.attachment() instanceof KafkaChannel channel) {
            channel.state(new ChannelState(ChannelState.State.NOT_CONNECTED, new ChannelFault(what), null));
        }
    }
}
