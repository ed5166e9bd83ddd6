package dev.surefoot.testkit.consumer;

import java.security.Provider;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.auth.spi.LoginModule;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslClientFactory;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.auth.Login;
import org.apache.kafka.common.security.auth.SecurityProviderCreator;
import org.apache.kafka.common.security.auth.SslEngineFactory;

/** What users put in the place of Kafka's own parts of TLS and SASL. */
final class SecurityPlugIns {
    /** Logins and callback handlers that are not closed. */
    static final AtomicInteger OPEN = new AtomicInteger();

    private SecurityPlugIns() {}

    /** Takes whatever it is configured with. */
    public static class EasyEngines implements SslEngineFactory {
        @Override
        public SSLEngine createClientSslEngine(String peerHost, int peerPort, String endpointIdentification) {
            throw new AssertionError("nothing is connected to");
        }

        @Override
        public SSLEngine createServerSslEngine(String peerHost, int peerPort) {
            throw new AssertionError("there is no server");
        }

        @Override
        public boolean shouldBeRebuilt(Map<String, Object> nextConfigs) {
            return false;
        }

        @Override
        public Set<String> reconfigurableConfigs() {
            return Set.of();
        }

        @Override
        public java.security.KeyStore keystore() {
            return null;
        }

        @Override
        public java.security.KeyStore truststore() {
            return null;
        }

        @Override
        public void close() {}

        @Override
        public void configure(Map<String, ?> configs) {}
    }

    /** Logs in with nothing at all. */
    public static class EasyModule implements LoginModule {
        @Override
        public void initialize(
                Subject subject, CallbackHandler handler, Map<String, ?> sharedState, Map<String, ?> options) {}

        @Override
        public boolean login() {
            return true;
        }

        @Override
        public boolean commit() {
            return true;
        }

        @Override
        public boolean abort() {
            return true;
        }

        @Override
        public boolean logout() {
            return true;
        }
    }

    /** Counts whether it is closed. */
    public static class CountedLogin implements Login {
        public CountedLogin() {
            OPEN.incrementAndGet();
        }

        @Override
        public void configure(
                Map<String, ?> configs,
                String contextName,
                Configuration jaasConfiguration,
                AuthenticateCallbackHandler loginCallbackHandler) {}

        @Override
        public LoginContext login() {
            return null;
        }

        @Override
        public Subject subject() {
            return new Subject();
        }

        @Override
        public String serviceName() {
            return "kafka";
        }

        @Override
        public void close() {
            OPEN.decrementAndGet();
        }
    }

    /** Counts whether it is closed. */
    public static class CountedHandler implements AuthenticateCallbackHandler {
        public CountedHandler() {
            OPEN.incrementAndGet();
        }

        @Override
        public void configure(Map<String, ?> configs, String saslMechanism, List<AppConfigurationEntry> entries) {}

        @Override
        public void handle(Callback[] callbacks) {}

        @Override
        public void close() {
            OPEN.decrementAndGet();
        }
    }

    /** Brings a mechanism by {@code security.providers}. */
    public static class MechanismCreator implements SecurityProviderCreator {
        @Override
        public Provider getProvider() {
            return new MechanismProvider();
        }
    }

    public static class MechanismProvider extends Provider {
        private static final long serialVersionUID = 1;

        public MechanismProvider() {
            super("SurefootTest", "1", "a mechanism of the user's");
            put("SaslClientFactory.X-OF-THE-USERS", MechanismFactory.class.getName());
        }
    }

    /** Lists no mechanism, and needs not. */
    public static class MechanismFactory implements SaslClientFactory {
        @Override
        public SaslClient createSaslClient(
                String[] mechanisms,
                String authorizationId,
                String protocol,
                String serverName,
                Map<String, ?> props,
                CallbackHandler cbh) {
            throw new AssertionError("nothing is connected to");
        }

        @Override
        public String[] getMechanismNames(Map<String, ?> props) {
            return new String[0];
        }
    }

    /** The threads there are, by name. */
    static Set<String> threads() {
        Set<String> names = new HashSet<>();
        Thread.getAllStackTraces().keySet().forEach(thread -> names.add(thread.getName()));
        return names;
    }
}
