package dev.surefoot.net;

import java.security.Security;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClientFactory;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.security.JaasContext;

/**
 * Finds SASL settings with which authentication cannot succeed: a mechanism that nothing in this JVM implements, and
 * login modules that do not provide what the mechanism needs. Nothing is assumed of login modules and callback handlers
 * that are not Kafka's.
 */
final class SaslSettings {
    private static final String PLAIN_MODULE = "org.apache.kafka.common.security.plain.PlainLoginModule";
    private static final String SCRAM_MODULE = "org.apache.kafka.common.security.scram.ScramLoginModule";
    private static final String OAUTH_MODULE = "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule";
    private static final String KERBEROS_MODULE = "com.sun.security.auth.module.Krb5LoginModule";

    private static final String OAUTHBEARER = "OAUTHBEARER";
    private static final Set<String> TAKE_PASSWORD = Set.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512");

    /** The mechanisms that well-known modules log in for. Kafka's module for SCRAM also provides what PLAIN needs. */
    private static final Map<String, Set<String>> MECHANISMS = Map.of(
            PLAIN_MODULE, Set.of("PLAIN"),
            SCRAM_MODULE, Set.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"),
            OAUTH_MODULE, Set.of(OAUTHBEARER),
            KERBEROS_MODULE, Set.of("GSSAPI"));

    private static final Map<String, String> MODULES = Map.of(
            "PLAIN",
            PLAIN_MODULE,
            "SCRAM-SHA-256",
            SCRAM_MODULE,
            "SCRAM-SHA-512",
            SCRAM_MODULE,
            OAUTHBEARER,
            OAUTH_MODULE,
            "GSSAPI",
            KERBEROS_MODULE);

    private final AbstractConfig config;
    private final String mechanism;
    private final List<AppConfigurationEntry> modules;

    private SaslSettings(AbstractConfig config) {
        this.config = config;
        this.mechanism = config.getString(SaslConfigs.SASL_MECHANISM);
        this.modules = JaasContext.loadClientContext(config.values()).configurationEntries();
    }

    /**
     * Checks what can be known after the login has registered its providers.
     *
     * @throws ConfigException if a setting makes authentication impossible
     */
    static void check(AbstractConfig config) {
        SaslSettings settings = new SaslSettings(config);
        settings.checkMechanism();
        boolean mayHaveCredentialsOfItsOwn = settings.isSet(SaslConfigs.SASL_CLIENT_CALLBACK_HANDLER_CLASS)
                || settings.isSet(SaslConfigs.SASL_LOGIN_CLASS);
        if (!mayHaveCredentialsOfItsOwn) {
            settings.checkCredentials();
        }
    }

    private void checkMechanism() {
        String neededModule = MODULES.get(mechanism);
        if (neededModule != null && modules.stream().noneMatch(this::mayServe)) {
            throw new ConfigException(
                    SaslConfigs.SASL_MECHANISM,
                    mechanism,
                    "the login modules of " + SaslConfigs.SASL_JAAS_CONFIG + " are for another mechanism: "
                            + names(modules) + ". Name " + neededModule + " there, or correct the mechanism.");
        }
        if (!isSpoken()) {
            throw new ConfigException(
                    SaslConfigs.SASL_MECHANISM,
                    mechanism,
                    "nothing in this JVM speaks this SASL mechanism. There are " + spoken()
                            + ", spelt so; others have to be registered by a login module in "
                            + SaslConfigs.SASL_JAAS_CONFIG + " or by security.providers.");
        }
    }

    private void checkCredentials() {
        if (mechanism.equals(OAUTHBEARER) && lacksToken()) {
            throw new ConfigException(
                    SaslConfigs.SASL_LOGIN_CALLBACK_HANDLER_CLASS,
                    null,
                    "OAUTHBEARER has no source of tokens. Name a handler, such as"
                            + " org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler,"
                            + " which asks "
                            + SaslConfigs.SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL + ".");
        }
        if (TAKE_PASSWORD.contains(mechanism) && modules.stream().noneMatch(SaslSettings::mayHavePassword)) {
            throw new ConfigException(
                    SaslConfigs.SASL_JAAS_CONFIG,
                    "[hidden]",
                    mechanism + " needs username=\"...\" and password=\"...\" behind the name of its login module.");
        }
    }

    /** Kafka's handler of unsecured tokens is the default. It provides no token unless an option asks for one. */
    private boolean lacksToken() {
        return !isSet(SaslConfigs.SASL_LOGIN_CALLBACK_HANDLER_CLASS)
                && modules.stream()
                        .allMatch(module -> module.getLoginModuleName().equals(OAUTH_MODULE)
                                && module.getOptions().isEmpty());
    }

    /** Kafka's modules log in without an error if they get no name and no password. */
    private static boolean mayHavePassword(AppConfigurationEntry module) {
        boolean takesOptions = module.getLoginModuleName().equals(PLAIN_MODULE)
                || module.getLoginModuleName().equals(SCRAM_MODULE);
        return !takesOptions || module.getOptions().keySet().containsAll(Set.of("username", "password"));
    }

    private boolean mayServe(AppConfigurationEntry module) {
        Set<String> mechanisms = MECHANISMS.get(module.getLoginModuleName());
        return mechanisms == null || mechanisms.contains(mechanism);
    }

    private static List<String> names(List<AppConfigurationEntry> modules) {
        return modules.stream().map(AppConfigurationEntry::getLoginModuleName).toList();
    }

    private boolean isSpoken() {
        Set<String> spoken = spoken();
        return spoken.contains(mechanism)
                || (spoken.stream().noneMatch(mechanism::equalsIgnoreCase) && isRegistered(mechanism));
    }

    /** A factory need not list its mechanisms to be found. */
    private static boolean isRegistered(String mechanism) {
        try {
            return Security.getProviders("SaslClientFactory." + mechanism) != null;
        } catch (IllegalArgumentException e) { // not a name of a mechanism
            return false;
        }
    }

    private static Set<String> spoken() {
        Set<String> mechanisms = new TreeSet<>();
        for (SaslClientFactory factory : Collections.list(Sasl.getSaslClientFactories())) {
            mechanisms.addAll(List.of(factory.getMechanismNames(Map.of())));
        }
        return mechanisms;
    }

    private boolean isSet(String key) {
        return config.getClass(key) != null;
    }
}
