package dev.surefoot.net;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What has passed over the connections of one transport. The loop's thread counts; any thread may read. */
final class Traffic {
    private final AtomicLong bytesSent = new AtomicLong();
    private final AtomicLong bytesReceived = new AtomicLong();
    private final AtomicInteger openConnections = new AtomicInteger();

    void sent(long bytes) {
        bytesSent.addAndGet(bytes);
    }

    void received(long bytes) {
        bytesReceived.addAndGet(bytes);
    }

    void opened() {
        openConnections.incrementAndGet();
    }

    void closed() {
        openConnections.decrementAndGet();
    }

    long bytesSent() {
        return bytesSent.get();
    }

    long bytesReceived() {
        return bytesReceived.get();
    }

    int openConnections() {
        return openConnections.get();
    }
}
