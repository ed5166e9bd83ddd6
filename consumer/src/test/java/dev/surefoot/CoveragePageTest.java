package dev.surefoot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.fixtures.GeneratedText;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.junit.jupiter.api.Test;

/** docs/coverage.md has a line for each method and each key, and names tests that are there. */
class CoveragePageTest {
    private static final Pattern NAMED_TEST = Pattern.compile("`(\\w+Test)(?:#(\\w+))?`");

    private static String page() throws IOException {
        return Files.readString(GeneratedText.root().resolve("docs/coverage.md"));
    }

    @Test
    void eachMethodHasALine() throws IOException {
        String page = page();
        assertThat(Consumer.class.getMethods())
                .allSatisfy(method -> assertThat(page).contains("| `" + signature(method) + "` | "));
    }

    private static String signature(Method method) {
        return Stream.of(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", ", method.getName() + "(", ")"));
    }

    @Test
    void eachKeyHasALine() throws IOException {
        String page = page();
        assertThat(ConsumerConfig.configNames())
                .allSatisfy(key -> assertThat(page).contains("| `" + key + "` | "));
    }

    @Test
    void theTestsThatAreNamedExist() throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (Path source : SourceFiles.all()) {
            sources.put(source.getFileName().toString().replace(".java", ""), Files.readString(source));
        }
        List<String> missing = new ArrayList<>();
        Matcher named = NAMED_TEST.matcher(page());
        int count = 0;
        while (named.find()) {
            String source = sources.get(named.group(1));
            String method = named.group(2);
            if (source == null || (method != null && !source.contains("void " + method + "("))) {
                missing.add(named.group());
            }
            count++;
        }
        assertThat(missing).isEmpty();
        assertThat(count).isPositive();
    }
}
