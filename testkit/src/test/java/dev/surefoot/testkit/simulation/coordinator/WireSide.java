package dev.surefoot.testkit.simulation.coordinator;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiMessage;

/** A broker's coordinator behind its wire, with connections of one script. Its time is real and goes by unasked. */
final class WireSide implements RealSide {
    private final RealCoordinator broker;
    private final Map<String, RawConnection> connections = new HashMap<>();

    WireSide(RealCoordinator broker) {
        this.broker = broker;
    }

    @Override
    public GroupSettings settings() {
        return broker.settings();
    }

    @Override
    public TopicCatalog topics() {
        return broker.topics();
    }

    @Override
    public Pending send(String connection, ApiMessage request, int version, long nowMs) {
        RawConnection over = connections.computeIfAbsent(connection, name -> broker.connect());
        over.send(request, version);
        return new Pending() {
            @Override
            public boolean isAnswered() {
                return over.isAnswered();
            }

            @Override
            public ApiMessage await() {
                return over.receive();
            }
        };
    }

    @Override
    public void turn(long nowMs) {
        // The broker's time goes by unasked.
    }

    @Override
    public void awaitAllTakenIn() {
        broker.awaitAllTakenIn();
    }

    @Override
    public void awaitEmpty(String groupId) {
        broker.awaitEmpty(groupId);
    }

    @Override
    public void close() {
        connections.values().forEach(RawConnection::close);
    }
}
