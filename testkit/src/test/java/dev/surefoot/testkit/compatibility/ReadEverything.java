package dev.surefoot.testkit.compatibility;

import dev.surefoot.SurefootConsumer;
import java.io.IOException;
import java.io.Reader;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A program with Surefoot and whatever kafka-clients it has: reads topics with each configuration of a folder, and
 * looks at Surefoot's public classes by reflection. It names nothing but public classes of Kafka and Surefoot.
 */
final class ReadEverything {
    private ReadEverything() {}

    /** @param args a folder with configurations, how many records each topic has, and the topics */
    public static void main(String[] args) throws Exception {
        int records = Integer.parseInt(args[1]);
        List<TopicPartition> partitions = Stream.of(args)
                .skip(2)
                .map(topic -> new TopicPartition(topic, 0))
                .toList();
        try (Stream<Path> files = Files.list(Path.of(args[0]))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".properties"))
                    .sorted()
                    .toList()) {
                System.out.println(file.getFileName() + " " + read(config(file), partitions, records));
            }
        }
        System.out.println("reflection " + (membersOfPublicClasses() > 0 ? "works" : "finds nothing"));
    }

    private static Map<String, Object> config(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        Map<String, Object> config = new LinkedHashMap<>();
        properties.forEach((key, value) -> config.put(key.toString(), value));
        config.put("auto.offset.reset", "earliest");
        return config;
    }

    /** The sum of the offsets read of each topic, which tells more than their number. */
    private static Map<String, Long> read(Map<String, Object> config, List<TopicPartition> partitions, int records) {
        try (SurefootConsumer<String, String> consumer =
                new SurefootConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(partitions);
            Map<String, Long> sums = new TreeMap<>();
            int read = 0;
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (read < records * partitions.size() && System.nanoTime() < deadline) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(500))) {
                    if (record.value().equals("value " + record.offset())) {
                        sums.merge(record.topic(), record.offset(), Long::sum);
                    }
                    read++;
                }
            }
            return sums;
        }
    }

    private static int membersOfPublicClasses() throws IOException, URISyntaxException, ClassNotFoundException {
        Path jar = Path.of(SurefootConsumer.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        int members = 0;
        try (JarFile file = new JarFile(jar.toFile())) {
            for (String name : file.stream()
                    .map(entry -> entry.getName())
                    .filter(entry -> entry.endsWith(".class") && !entry.endsWith("-info.class"))
                    .toList()) {
                Class<?> type = Class.forName(
                        name.substring(0, name.length() - ".class".length()).replace('/', '.'),
                        false,
                        SurefootConsumer.class.getClassLoader());
                if (java.lang.reflect.Modifier.isPublic(type.getModifiers())) {
                    members += type.getMethods().length
                            + type.getDeclaredMethods().length
                            + type.getDeclaredFields().length
                            + type.getDeclaredConstructors().length;
                }
            }
        }
        return members;
    }
}
