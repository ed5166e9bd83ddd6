package dev.surefoot.planted;

import dev.surefoot.net.Clock;
import dev.surefoot.net.Transport;
import dev.surefoot.runtime.Loop;
import dev.surefoot.runtime.Seams;
import dev.surefoot.runtime.Threads;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.network.Selector;
import org.apache.kafka.common.utils.Time;

/**
 * Names an inner type in every place that a signature has. Nothing runs it; the test of the public API is tried on it.
 */
public class LeaksInnerTypes<T extends Transport> implements Clock {
    protected Selector[] selectors = new Selector[0];

    protected LeaksInnerTypes(Map<String, ? super Seams> seams) {
        seams.clear();
    }

    public List<Loop[]> loops(T transport) {
        transport.wakeup();
        return List.of();
    }

    public <U extends Threads> U threads(U threads) {
        return threads;
    }

    public Time time() {
        return Time.SYSTEM;
    }

    @Override
    public long nanos() {
        return 0;
    }

    @Override
    public long epochMillis() {
        return 0;
    }
}
