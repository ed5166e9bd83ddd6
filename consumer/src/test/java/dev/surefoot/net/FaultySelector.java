package dev.surefoot.net;

import java.io.IOException;
import java.util.Map;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.network.NetworkSend;
import org.apache.kafka.common.network.Selector;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.LogContext;

/** A selector that fails when told to, as one does when the process runs out of file descriptors. */
class FaultySelector extends Selector {
    boolean failPoll;
    boolean failSend;
    /** Thrown by the next poll. */
    Error error;

    FaultySelector(AbstractConfig config, Metrics metrics, DirectBufferPool pool) {
        super(
                1 << 20,
                NO_IDLE_TIMEOUT_MS,
                NO_FAILED_AUTHENTICATION_DELAY,
                metrics,
                Time.SYSTEM,
                "consumer",
                Map.of(),
                false,
                false,
                ClientUtils.createChannelBuilder(config, Time.SYSTEM, new LogContext()),
                pool,
                new LogContext());
    }

    @Override
    public void poll(long timeoutMs) throws IOException {
        super.poll(timeoutMs);
        if (failPoll) {
            failPoll = false;
            throw new IOException("poll fails on purpose");
        }
        if (error != null) {
            Error thrown = error;
            error = null;
            throw thrown;
        }
    }

    @Override
    public void send(NetworkSend send) {
        if (failSend) {
            failSend = false;
            throw new IllegalStateException("send fails on purpose");
        }
        super.send(send);
    }
}
