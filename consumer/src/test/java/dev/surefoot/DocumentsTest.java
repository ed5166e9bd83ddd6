package dev.surefoot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.fixtures.GeneratedText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps the documents readable and true: their length, the length of their lines, and what they call by name. */
class DocumentsTest {

    private static final int LINE_CHARACTERS_MAX = 500;
    private static final Map<String, Integer> PAGE_LINES_MAX = Map.of("README.md", 150, "ARCHITECTURE.md", 200);

    /** They tell of what was, so they may name what is gone. */
    private static final Set<String> HISTORY = Set.of("CHANGELOG.md", "docs/decisions.md");

    /** A class, or a class and a member of it, in backticks. */
    private static final Pattern NAMED_CODE =
            Pattern.compile("`([A-Z][a-z]\\w*[A-Za-z])(?:\\.([a-z]\\w*)(?:\\(.*?\\))?)?`");

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");

    @Test
    void noLineIsAParagraphOfItsOwn() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path page : pages()) {
            List<String> lines = Files.readAllLines(page);
            for (int number = 1; number <= lines.size(); number++) {
                int length = lines.get(number - 1).length();
                if (length > LINE_CHARACTERS_MAX) {
                    tooLong.add(page + ":" + number + " has " + length + " characters");
                }
            }
        }

        assertThat(tooLong)
                .as("lines of more than %d characters", LINE_CHARACTERS_MAX)
                .isEmpty();
    }

    @Test
    void whatANewReaderReadsFirstIsShort() throws IOException {
        for (Map.Entry<String, Integer> page : PAGE_LINES_MAX.entrySet()) {
            assertThat(Files.readAllLines(GeneratedText.root().resolve(page.getKey())))
                    .as("lines of %s", page.getKey())
                    .hasSizeLessThanOrEqualTo(page.getValue());
        }
    }

    @Test
    void whatIsNamedExists() throws IOException {
        Map<String, String> sources = sources();
        Set<String> words = new TreeSet<>();
        sources.values().forEach(text -> words.addAll(List.of(text.split("\\W+"))));
        List<String> unknown = new ArrayList<>();
        for (Path page : pages()) {
            if (HISTORY.contains(GeneratedText.root().relativize(page).toString())) {
                continue;
            }
            Matcher named = NAMED_CODE.matcher(Files.readString(page));
            while (named.find()) {
                String member = named.group(2);
                String home = sources.get(named.group(1));
                boolean exists = words.contains(named.group(1))
                        && (member == null || (home == null ? words.contains(member) : hasWord(home, member)));
                if (!exists) {
                    unknown.add(page + ": " + named.group());
                }
            }
        }

        assertThat(unknown).as("what no source has").isEmpty();
    }

    @Test
    void everyLinkWithinTheRepositoryLeadsToAFile() throws IOException {
        List<String> dead = new ArrayList<>();
        for (Path page : pages()) {
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                if (!Files.exists(page.resolveSibling(link.group(1)))) {
                    dead.add(page + ": " + link.group(1));
                }
            }
        }

        assertThat(dead).as("links to files that are not there").isEmpty();
    }

    private static boolean hasWord(String text, String word) {
        return Pattern.compile("\\b" + word + "\\b").matcher(text).find();
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (Path folder : List.of(GeneratedText.root(), GeneratedText.root().resolve("docs"))) {
            try (Stream<Path> files = Files.list(folder)) {
                pages.addAll(files.filter(file -> file.toString().endsWith(".md"))
                        .sorted()
                        .toList());
            }
        }
        assertThat(pages).as("documents under %s", GeneratedText.root()).isNotEmpty();
        return pages;
    }

    /** The text of every source file of the modules, by the name of its class. */
    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new HashMap<>();
        try (Stream<Path> modules = Files.list(GeneratedText.root())) {
            for (Path tree : modules.map(module -> module.resolve("src"))
                    .filter(Files::isDirectory)
                    .toList()) {
                readSources(tree, sources);
            }
        }
        return sources;
    }

    private static void readSources(Path tree, Map<String, String> sources) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                String name = file.getFileName().toString().replace(".java", "");
                sources.merge(name, Files.readString(file), String::concat);
            }
        }
    }
}
