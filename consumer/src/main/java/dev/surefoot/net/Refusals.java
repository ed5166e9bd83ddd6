package dev.surefoot.net;

import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.IllegalSaslStateException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.jspecify.annotations.Nullable;

/** Makes an exception that ends authentication say what was observed and which key to look at. */
final class Refusals {
    /** Messages of the JDK's TLS in lower case, with advice for each; the first that the message contains applies. */
    private static final Map<String, String> ADVICE = adviceOfTls();

    /** More causes than the JDK nests. The chain may be a cycle. */
    private static final int CAUSES_MAX = 10;

    private Refusals() {}

    private static Map<String, String> adviceOfTls() {
        String noTls = "the server there does not speak TLS: check security.protocol and the port";
        String names = "the broker's certificate does not name the host that was connected to: check bootstrap.servers,"
                + " advertised.listeners and ssl.endpoint.identification.algorithm";
        String own = "the broker does not accept this client's certificate: check ssl.keystore.*";
        String suites =
                "client and broker have no protocol version or cipher suite in common: check ssl.enabled.protocols"
                        + " and ssl.cipher.suites";
        Map<String, String> advice = new LinkedHashMap<>();
        advice.put("unrecognized ssl message", noTls);
        advice.put("unsupported or unrecognized", noTls);
        advice.put(
                "unable to find valid certification path",
                "no authority in ssl.truststore.* has signed the broker's certificate: check ssl.truststore.location");
        advice.put("no subject alternative", names);
        advice.put("no name matching", names);
        advice.put(
                "fatal alert: handshake_failure",
                "the broker found no cipher suite in common or expects a client certificate: check ssl.cipher.suites,"
                        + " ssl.enabled.protocols and ssl.keystore.*");
        advice.put("fatal alert: protocol_version", suites);
        advice.put("fatal alert: insufficient_security", suites);
        advice.put("protocol_version", suites);
        advice.put("no appropriate protocol", suites);
        advice.put("is not accepted by client preferences", suites);
        advice.put("no negotiable cipher suite", suites);
        advice.put("fatal alert: bad_certificate", own);
        advice.put("fatal alert: certificate", own);
        advice.put("fatal alert: unknown_ca", own);
        advice.put("fatal alert: access_denied", own);
        advice.put("empty client certificate", own);
        return advice;
    }

    /**
     * Returns the refusal for the application: of the same class as Kafka's, with the cause in its message.
     *
     * @param broker the broker's name in messages
     * @param securityProtocol this client's {@code security.protocol}
     */
    static AuthenticationException explained(AuthenticationException refusal, String broker, String securityProtocol) {
        if (refusal instanceof SslAuthenticationException) {
            return new SslAuthenticationException(tls(refusal, broker), refusal.getCause());
        }
        if (refusal instanceof IllegalSaslStateException) {
            return new IllegalSaslStateException(
                    refusal.getMessage()
                            + "; the broker's listener does not take part in SASL: check security.protocol (now "
                            + securityProtocol + ")",
                    refusal.getCause());
        }
        return refusal;
    }

    private static String tls(AuthenticationException refusal, String broker) {
        Throwable cause = refusal.getCause();
        String said = refusal.getMessage() + " with " + broker + (cause == null ? "" : ": " + CauseWords.of(cause));
        String advice = null;
        for (int depth = 0; cause != null && advice == null && depth < CAUSES_MAX; depth++) {
            advice = advice(cause);
            cause = cause.getCause();
        }
        return advice == null ? said : said + "; " + advice;
    }

    private static @Nullable String advice(Throwable cause) {
        if (cause instanceof CertificateExpiredException || cause instanceof CertificateNotYetValidException) {
            return "the broker's certificate is not valid at this time: have it renewed, or correct this"
                    + " machine's clock";
        }
        String words = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        return ADVICE.entrySet().stream()
                .filter(entry -> words.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }
}
