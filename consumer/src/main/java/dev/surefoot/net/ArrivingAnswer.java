package dev.surefoot.net;

import org.apache.kafka.common.network.KafkaChannel;
import org.apache.kafka.common.network.NetworkReceive;
import org.apache.kafka.common.network.Selector;
import org.jspecify.annotations.Nullable;

/**
 * How much of the next answer has arrived over a channel. Immutable.
 *
 * @param arrivedBytes 0 if none has
 * @param answerBytes the size of the whole answer, or 0 if it is not known yet
 */
record ArrivingAnswer(long arrivedBytes, long answerBytes) {
    private static final ArrivingAnswer NONE = new ArrivingAnswer(0, 0);

    /** Looks at the channel of this id. Changes nothing. */
    static ArrivingAnswer over(Selector selector, String channelId) {
        KafkaChannel channel = selector.channel(channelId);
        @Nullable NetworkReceive receive = channel == null ? null : channel.currentReceive();
        if (receive == null) {
            return NONE;
        }
        return new ArrivingAnswer(receive.bytesRead(), receive.memoryAllocated() ? receive.size() : 0);
    }
}
