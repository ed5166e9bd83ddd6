package dev.surefoot.net;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.Security;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SslConfigs;
import org.jspecify.annotations.Nullable;

/**
 * Finds TLS settings that this JVM does not support, by asking the JVM. A configured engine factory may read the same
 * keys in another way, so nothing is checked where there is one.
 */
final class TlsSettings {
    private static final String KAFKAS_ENGINE_FACTORY = "org.apache.kafka.common.security.ssl.DefaultSslEngineFactory";

    /** Kafka reads this store type itself, without the JVM. */
    private static final String PEM = "PEM";

    /** The algorithms of the JDK's own trust managers; others may support more. */
    private static final Set<String> JDK_IDENTIFICATION = Set.of("HTTPS", "LDAPS");

    private static final String JDK_PROVIDER = "SunJSSE";

    private final AbstractConfig config;

    private TlsSettings(AbstractConfig config) {
        this.config = config;
    }

    /** @throws ConfigException if the JVM does not support a setting */
    static void check(AbstractConfig config) {
        Class<?> factory = config.getClass(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG);
        if (factory == null || factory.getName().equals(KAFKAS_ENGINE_FACTORY)) {
            new TlsSettings(config).check();
        }
    }

    private void check() {
        checkAvailable(SslConfigs.SSL_PROVIDER_CONFIG, name -> {
            if (Security.getProvider(name) == null) {
                throw new GeneralSecurityException("this JVM has no security provider of that name");
            }
        });
        checkAvailable(SslConfigs.SSL_PROTOCOL_CONFIG, name -> context());
        checkAvailable(SslConfigs.SSL_KEYMANAGER_ALGORITHM_CONFIG, KeyManagerFactory::getInstance);
        checkAvailable(SslConfigs.SSL_TRUSTMANAGER_ALGORITHM_CONFIG, TrustManagerFactory::getInstance);
        checkAvailable(SslConfigs.SSL_SECURE_RANDOM_IMPLEMENTATION_CONFIG, SecureRandom::getInstance);
        checkStore(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG, SslConfigs.SSL_KEYSTORE_TYPE_CONFIG);
        checkStore(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG);
        checkAccepted(
                SslConfigs.SSL_ENABLED_PROTOCOLS_CONFIG,
                SSLEngine::setEnabledProtocols,
                SSLEngine::getSupportedProtocols);
        checkAccepted(
                SslConfigs.SSL_CIPHER_SUITES_CONFIG,
                SSLEngine::setEnabledCipherSuites,
                SSLEngine::getSupportedCipherSuites);
        checkIdentification();
    }

    /** Looks up an algorithm or type in the JVM by its name. */
    private interface Lookup {
        void find(String name) throws GeneralSecurityException;
    }

    private void checkAvailable(String key, Lookup lookup) {
        String name = config.getString(key);
        if (name != null) {
            try {
                lookup.find(name);
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                throw new ConfigException(key, name, e.getMessage() + ". Correct or remove " + key + ".");
            }
        }
    }

    private SSLContext context() throws GeneralSecurityException {
        String protocol = config.getString(SslConfigs.SSL_PROTOCOL_CONFIG);
        String provider = config.getString(SslConfigs.SSL_PROVIDER_CONFIG);
        return provider == null ? SSLContext.getInstance(protocol) : SSLContext.getInstance(protocol, provider);
    }

    private void checkStore(String locationKey, String typeKey) {
        String location = config.getString(locationKey);
        if (location == null) {
            return;
        }
        if (!isReadable(location)) {
            throw new ConfigException(
                    locationKey,
                    location,
                    "there is no such file that can be read. Correct the path or its permissions.");
        }
        if (!PEM.equals(config.getString(typeKey))) {
            checkAvailable(typeKey, KeyStore::getInstance);
        }
    }

    private static boolean isReadable(String location) {
        try {
            return Files.isReadable(Path.of(location));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /**
     * Lets the engine's provider decide whether it accepts a list: the JDK's refuses a list with a single unknown name.
     */
    private void checkAccepted(
            String key, BiConsumer<SSLEngine, String[]> setter, Function<SSLEngine, String[]> supported) {
        @Nullable List<String> names = config.getList(key);
        if (!config.originals().containsKey(key) || names == null || names.isEmpty()) {
            return;
        }
        SSLEngine engine;
        try {
            SSLContext context = context();
            context.init(new KeyManager[0], new TrustManager[0], null);
            engine = context.createSSLEngine();
        } catch (GeneralSecurityException | UnsupportedOperationException e) {
            return; // the provider makes no engine without keys; the first connection will show
        }
        try {
            setter.accept(engine, names.toArray(String[]::new));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(
                    key,
                    String.join(",", names),
                    e.getMessage() + ". This JVM supports " + Arrays.toString(supported.apply(engine)) + ".");
        }
    }

    private void checkIdentification() {
        String key = SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG;
        String algorithm = config.getString(key);
        if (algorithm == null || algorithm.isEmpty() || !trustManagersAreTheJdks()) {
            return;
        }
        if (JDK_IDENTIFICATION.stream().noneMatch(algorithm::equalsIgnoreCase)) {
            throw new ConfigException(
                    key,
                    algorithm,
                    "this JVM cannot identify brokers so. Set https, or an empty value to accept any host name.");
        }
    }

    private boolean trustManagersAreTheJdks() {
        try {
            return TrustManagerFactory.getInstance(config.getString(SslConfigs.SSL_TRUSTMANAGER_ALGORITHM_CONFIG))
                    .getProvider()
                    .getName()
                    .equals(JDK_PROVIDER);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
