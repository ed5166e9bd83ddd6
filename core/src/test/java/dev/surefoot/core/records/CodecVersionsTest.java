package dev.surefoot.core.records;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jpountz.lz4.LZ4Factory;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xerial.snappy.Snappy;

/**
 * The codecs that the core is compiled and tested with are those that this build's kafka-clients brings to a program.
 */
class CodecVersionsTest {
    private static final Map<Class<?>, String> ARTIFACTS =
            Map.of(Zstd.class, "zstd-jni", LZ4Factory.class, "lz4-java", Snappy.class, "snappy-java");

    @ParameterizedTest
    @ValueSource(classes = {Zstd.class, LZ4Factory.class, Snappy.class})
    void theVersionIsTheOneThatKafkaClientsNames(Class<?> codec) throws Exception {
        String artifact = ARTIFACTS.get(codec);
        assertThat(jarOf(codec))
                .as("change the version of %s in core/pom.xml to that of kafka-clients", artifact)
                .hasFileName(artifact + "-" + versionsOfKafkaClients().get(artifact) + ".jar");
    }

    /** Kafka's jar holds no pom, but a local repository has it beside the jar. */
    private static Map<String, String> versionsOfKafkaClients() throws Exception {
        Path jar = jarOf(ConsumerConfig.class);
        Path pom = jar.resolveSibling(jar.getFileName().toString().replaceFirst("[.]jar$", ".pom"));
        assertThat(Files.exists(pom)).as("%s exists", pom).isTrue();
        NodeList dependencies = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(pom.toFile())
                .getElementsByTagName("dependency");
        Map<String, String> versions = new LinkedHashMap<>();
        for (int i = 0; i < dependencies.getLength(); i++) {
            Element dependency = (Element) dependencies.item(i);
            versions.put(text(dependency, "artifactId"), text(dependency, "version"));
        }
        return versions;
    }

    private static String text(Element parent, String name) {
        return parent.getElementsByTagName(name).item(0).getTextContent();
    }

    private static Path jarOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
