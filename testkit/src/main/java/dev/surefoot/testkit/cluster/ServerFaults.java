package dev.surefoot.testkit.cluster;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import kafka.server.FaultHandlerFactory;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.fault.FaultHandlerException;
import org.jspecify.annotations.Nullable;

/** Collects the errors inside the servers. Kafka's own handlers halt the process, and the tests with it. */
final class ServerFaults implements FaultHandlerFactory {

    private final List<Throwable> seen = new CopyOnWriteArrayList<>();

    @Override
    public FaultHandler build(String name, boolean fatal, Runnable action) {
        return new FaultHandler() {
            @Override
            public RuntimeException handleFault(String failureMessage, @Nullable Throwable cause) {
                FaultHandlerException fault = new FaultHandlerException(name + ": " + failureMessage, cause);
                seen.add(fault);
                action.run();
                return fault;
            }
        };
    }

    List<Throwable> seen() {
        return List.copyOf(seen);
    }
}
