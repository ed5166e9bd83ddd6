package dev.surefoot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of a document that a test writes from the code, between the lines
 * {@code <!-- generated: name -->} and {@code <!-- end: name -->}. The test compares it; with
 * {@code -Dsurefoot.documents=rewrite} it is written anew instead.
 *
 * @param page the document, relative to the root of the repository
 * @param name what the part is called in its two comments
 */
record GeneratedText(String page, String name) {

    private static final String PROPERTY = "surefoot.documents";

    /** The root of the repository: the modules' tests run in the folder of their module. */
    static Path root() {
        return Path.of("").toAbsolutePath().getParent();
    }

    /** Fails if the document's part differs from these lines, or replaces it by them where that was asked for. */
    void mustBe(List<String> wanted) throws IOException {
        Path file = root().resolve(page);
        List<String> lines = Files.readAllLines(file);
        int start = lines.indexOf("<!-- generated: " + name + " -->");
        int end = lines.indexOf("<!-- end: " + name + " -->");
        assertThat(start).as("the line that begins '%s' in %s", name, page).isNotNegative();
        assertThat(end).as("the line that ends '%s' in %s", name, page).isGreaterThan(start);
        if ("rewrite".equals(System.getProperty(PROPERTY))) {
            List<String> rewritten = new ArrayList<>(lines.subList(0, start + 1));
            rewritten.addAll(wanted);
            rewritten.addAll(lines.subList(end, lines.size()));
            Files.write(file, rewritten);
            return;
        }
        assertThat(lines.subList(start + 1, end))
                .as("'%s' in %s; run this test with -D%s=rewrite and look at the difference", name, page, PROPERTY)
                .isEqualTo(wanted);
    }
}
