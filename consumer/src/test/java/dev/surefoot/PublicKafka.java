package dev.surefoot;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Set;

/**
 * Tells Kafka's public classes, which keep their shape from release to release, from the others, which do not. Public
 * is what Kafka publishes Javadoc for, and two classes that appear in public signatures from elsewhere.
 */
final class PublicKafka {

    private static final String KAFKA = "org.apache.kafka.";

    private static final Set<String> PACKAGES = Set.of(
            "org.apache.kafka.clients.admin",
            "org.apache.kafka.clients.consumer",
            "org.apache.kafka.clients.producer",
            "org.apache.kafka.common",
            "org.apache.kafka.common.acl",
            "org.apache.kafka.common.annotation",
            "org.apache.kafka.common.config",
            "org.apache.kafka.common.config.provider",
            "org.apache.kafka.common.config.types",
            "org.apache.kafka.common.errors",
            "org.apache.kafka.common.header",
            "org.apache.kafka.common.metrics",
            "org.apache.kafka.common.metrics.stats",
            "org.apache.kafka.common.quota",
            "org.apache.kafka.common.resource",
            "org.apache.kafka.common.security.auth",
            "org.apache.kafka.common.security.oauthbearer",
            "org.apache.kafka.common.security.plain",
            "org.apache.kafka.common.security.scram",
            "org.apache.kafka.common.security.token.delegation",
            "org.apache.kafka.common.serialization",
            "org.apache.kafka.server.telemetry");

    private static final Set<String> CLASSES =
            Set.of("org.apache.kafka.clients.CommonClientConfigs", "org.apache.kafka.common.record.TimestampType");

    static final DescribedPredicate<JavaClass> NOT_PUBLIC =
            DescribedPredicate.describe("are not public in Kafka", type -> {
                JavaClass element = type.getBaseComponentType();
                return isNotPublic(element.getPackageName(), element.getName());
            });

    private PublicKafka() {}

    static boolean isNotPublic(String packageName, String className) {
        return packageName.startsWith(KAFKA) && !PACKAGES.contains(packageName) && !CLASSES.contains(className);
    }
}
