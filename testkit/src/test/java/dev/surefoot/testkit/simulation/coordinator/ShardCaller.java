package dev.surefoot.testkit.simulation.coordinator;

import java.net.InetAddress;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;

/** Who asks a shard of Kafka's coordinator: an anonymous principal over a plain connection. */
record ShardCaller(short version, String clientId) implements AuthorizableRequestContext {
    @Override
    public String listenerName() {
        return "CLIENT";
    }

    @Override
    public SecurityProtocol securityProtocol() {
        return SecurityProtocol.PLAINTEXT;
    }

    @Override
    public KafkaPrincipal principal() {
        return KafkaPrincipal.ANONYMOUS;
    }

    @Override
    public InetAddress clientAddress() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public int requestType() {
        return 0;
    }

    @Override
    public int requestVersion() {
        return version;
    }

    @Override
    public int correlationId() {
        return 0;
    }
}
