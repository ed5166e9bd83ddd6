package dev.surefoot.testkit.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jpountz.lz4.LZ4Factory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.xerial.snappy.Snappy;

/**
 * Every class, method and field of Kafka that the classes of Surefoot name is in every kafka-clients that is supported.
 * Surefoot is compiled against the newest alone, and a request whose class lacks one of them would end the consumer of
 * a program that stays with an older one. {@link KafkaClientsVersionsTest} runs such programs, which takes longer.
 */
class LinkageTest {
    private static final Path JARS = Path.of("target", "kafka-clients");

    @TempDir
    private static Path folder;

    private static Path core;
    private static Path consumer;
    private static Path only40;

    @BeforeAll
    static void packSurefoot() {
        core = packed("core", "surefoot-core-of-this-build.jar");
        consumer = packed("consumer", "surefoot-consumer-of-this-build.jar");
        only40 = packed("kafka-4.0", "surefoot-kafka-4.0-of-this-build.jar");
    }

    private static Path packed(String module, String name) {
        Path jar = folder.resolve(name);
        UserProjects.jar(Path.of("..", module, "target", "classes"), jar);
        return jar;
    }

    static List<String> versions() {
        return KafkaClientsVersions.all();
    }

    /** What a program that pins the version has, with the codecs and the logging of this build. */
    private static List<Path> classPath(String version) throws URISyntaxException {
        List<Path> classPath = new ArrayList<>(List.of(core, consumer, jar(version)));
        if (version.startsWith("4.0.")) {
            classPath.add(only40);
        }
        for (Class<?> other : List.of(Zstd.class, LZ4Factory.class, Snappy.class, Logger.class)) {
            classPath.add(Path.of(
                    other.getProtectionDomain().getCodeSource().getLocation().toURI()));
        }
        return classPath;
    }

    private static Path jar(String version) {
        return JARS.resolve("kafka-clients-" + version + ".jar");
    }

    @Test
    void thePomHasEachOfThem() throws IOException {
        try (Stream<Path> jars = Files.list(JARS)) {
            assertThat(jars)
                    .containsAll(versions().stream().map(LinkageTest::jar).toList());
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void everyNamedMemberIsThere(String version) throws Exception {
        assertThat(ForeignMembers.missing(classPath(version))).isEmpty();
    }

    /** All APIs are loaded with the first request, so one that cannot be ends every consumer. */
    @ParameterizedTest
    @MethodSource("versions")
    void everyApiOfABrokerIsLoaded(String version) throws Exception {
        List<URL> urls = new ArrayList<>();
        for (Path jar : classPath(version)) {
            urls.add(jar.toUri().toURL());
        }
        try (URLClassLoader loader =
                new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Class<?> apis = Class.forName("dev.surefoot.wire.BrokerApis", true, loader);
            Method byRequest = apis.getDeclaredMethod("byRequest");
            byRequest.setAccessible(true);

            assertThat((Map<?, ?>) byRequest.invoke(null)).isNotEmpty();
            assertThat(loader.loadClass("org.apache.kafka.common.protocol.ApiKeys")
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .getPath())
                    .endsWith("kafka-clients-" + version + ".jar");
        }
    }
}
