package dev.surefoot;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.fixtures.GeneratedText;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

/**
 * Writes the tables of docs/configuration.md from the definition of the keys, and from what the classes read of it: a
 * key of Kafka's that no class names, and that is not for Kafka's own security classes, has no effect.
 */
class ConfigurationPageTest {

    private static final String PAGE = "docs/configuration.md";
    private static final int COLUMNS = 120;

    /** Each with the words for a default that is another one in each JVM, or null. */
    private static final Map<String, String> DEFAULTS_OF_THE_JVM = Map.of(
            SurefootConfig.BUFFER_BYTES_CONFIG, "64 MiB or less",
            SurefootConfig.DECOMPRESSED_BATCH_MAX_BYTES_CONFIG, "half of the heap",
            SurefootConfig.DECOMPRESSION_THREADS_CONFIG, "1 or 0",
            SurefootConfig.ON_BAD_RECORD_HANDLER_CONFIG, "none");

    private static final String CLASS_FILES = classFiles();

    private static final String ANY = "any";

    private static final Map<String, String> REFUSED =
            Map.of("share.acknowledgement.mode", ANY, "share.acquire.mode", ANY);

    private static final Map<String, String> IGNORED = Map.ofEntries(
            Map.entry(
                    "bootstrap.resolve.timeout.ms",
                    "the names in `bootstrap.servers` are resolved by the constructor, as with the default of 0"),
            Map.entry(
                    "metadata.cluster.check.enable", "brokers are not told which cluster and node the client expects"));

    @Test
    void thePageHasTheKeysOfSurefoot() throws IOException {
        List<String> lines = new ArrayList<>();
        for (ConfigKey key : keys(ConfigurationPageTest::isOwn)) {
            String defaultValue = DEFAULTS_OF_THE_JVM.getOrDefault(key.name, defaultOf(key));
            lines.add("");
            lines.add("### " + code(key.name));
            lines.add("");
            lines.add("*" + typeOf(key) + ", default " + defaultValue + rangeOf(key) + "*");
            lines.add("");
            lines.addAll(wrapped(key.documentation
                    .replace("<code>", "`")
                    .replace("</code>", "`")
                    .replaceAll("\\s+", " ")));
        }
        lines.add("");

        new GeneratedText(PAGE, "keys of Surefoot").mustBe(lines);
    }

    @Test
    void thePageHasTheKeysOfKafkaThatHaveTheirMeaning() throws IOException {
        List<String> lines = table("key", "type", "default");
        for (ConfigKey key : keys(key -> isHonoured(key) && !isOfSecurity(key))) {
            lines.add(row(code(key.name), typeOf(key), defaultOf(key)));
        }
        lines.add("");
        lines.addAll(wrapped("And for security, read by Kafka's own classes: "
                + keys(key -> isHonoured(key) && isOfSecurity(key)).stream()
                        .map(key -> code(key.name))
                        .collect(joining(", "))
                + "."));

        new GeneratedText(PAGE, "keys of Kafka that have their meaning").mustBe(lines);
    }

    @Test
    void thePageHasTheKeysOfKafkaThatDoNothing() throws IOException {
        List<String> lines = table("key", "why");
        for (ConfigKey key : keys(key -> !isOwn(key) && !key.internalConfig && isWithoutEffect(key))) {
            lines.add(row(code(key.name), IGNORED.getOrDefault(key.name, "?")));
        }

        assertThat(lines).as("a key without a reason").noneMatch(line -> line.contains("?"));
        new GeneratedText(PAGE, "keys of Kafka that do nothing").mustBe(lines);
    }

    @Test
    void thePageHasTheKeysOfKafkaThatAreRefused() throws IOException {
        List<String> lines = table("key", "values that are refused", "error");
        for (Map.Entry<String, String> refused : new TreeMap<>(REFUSED).entrySet()) {
            lines.add(row(
                    code(refused.getKey()),
                    refused.getValue(),
                    code(refusal(refused).getSimpleName())));
        }

        new GeneratedText(PAGE, "keys of Kafka that are refused").mustBe(lines);
    }

    @Test
    void whatIsSaidToBeIgnoredIsAcceptedAtItsDefault() {
        for (ConfigKey key : keys(key -> IGNORED.containsKey(key.name))) {
            Map<String, Object> given = new TreeMap<>(minimal());
            given.put(key.name, key.defaultValue);

            assertThat(SurefootConfig.of(given, null, null)).as(key.name).isNotNull();
        }
    }

    private static Class<?> refusal(Map.Entry<String, String> refused) {
        Map<String, Object> given = new TreeMap<>(minimal());
        Object value = SurefootConfig.configDef().defaultValues().get(refused.getKey());
        given.put(refused.getKey(), ANY.equals(refused.getValue()) && value != null ? value : refused.getValue());
        try {
            SurefootConfig.of(given, null, null);
        } catch (RuntimeException e) {
            return e.getClass();
        }
        throw new AssertionError(refused + " is not refused");
    }

    private static Map<String, Object> minimal() {
        return Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:9092",
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    }

    private static List<ConfigKey> keys(Predicate<ConfigKey> wanted) {
        return SurefootConfig.configDef().configKeys().values().stream()
                .filter(wanted)
                .sorted((one, other) -> one.name.compareTo(other.name))
                .toList();
    }

    private static boolean isOwn(ConfigKey key) {
        return !ConsumerConfig.configNames().contains(key.name);
    }

    private static boolean isHonoured(ConfigKey key) {
        return !isOwn(key) && !REFUSED.containsKey(key.name) && (isOfSecurity(key) || isNamedInAClass(key.name));
    }

    private static boolean isWithoutEffect(ConfigKey key) {
        return IGNORED.containsKey(key.name) || !isHonoured(key) && !REFUSED.containsKey(key.name);
    }

    /** Whether a class has this string: in a class file, a one, the length in two bytes, and the characters. */
    private static boolean isNamedInAClass(String key) {
        return CLASS_FILES.contains("\u0001" + (char) (key.length() >> 8) + (char) (key.length() & 0xff) + key);
    }

    private static boolean isOfSecurity(ConfigKey key) {
        return key.name.startsWith("ssl.") || key.name.startsWith("sasl.") || key.name.startsWith("security.");
    }

    private static String typeOf(ConfigKey key) {
        return key.type.name().toLowerCase(Locale.ROOT);
    }

    private static String defaultOf(ConfigKey key) {
        String value = key.hasDefault() ? ConfigDef.convertToString(key.defaultValue, key.type) : "";
        return value == null || value.isEmpty() ? "" : code(value);
    }

    /** The validator's own words are {@code [1,...]} and {@code [1,...,64]}. */
    private static String rangeOf(ConfigKey key) {
        if (key.validator == null) {
            return "";
        }
        String range = key.validator.toString();
        return range.endsWith(",...]")
                ? ", at least " + range.substring(1, range.length() - ",...]".length())
                : ", from " + range.substring(1, range.length() - 1).replace(",...,", " to ");
    }

    private static List<String> table(String... headings) {
        return new ArrayList<>(List.of(row(headings), "| --- ".repeat(headings.length) + "|"));
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    private static List<String> wrapped(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() + 1 + word.length() > COLUMNS) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    /** All class files of the consumer's main code, a character for each byte. */
    private static String classFiles() {
        try (Stream<Path> files = Files.walk(Path.of(SurefootConfig.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI()))) {
            StringBuilder all = new StringBuilder();
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".class")).toList()) {
                all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
            return all.toString();
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("The class files of the consumer cannot be read", e);
        }
    }
}
