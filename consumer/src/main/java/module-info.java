/**
 * A Kafka consumer that does not stall on a stale fetch session.
 *
 * <p>kafka-clients is an automatic module, which cannot say which modules of the JDK it needs: for its metrics, for
 * SASL and for Kerberos. They are named here on its behalf.
 */
module dev.surefoot {
    requires transitive dev.surefoot.core;
    requires java.management;
    requires java.security.jgss;
    requires java.security.sasl;
    requires jdk.jfr;
    requires jdk.unsupported;
    requires transitive kafka.clients;
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports dev.surefoot;
}
