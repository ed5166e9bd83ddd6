package dev.surefoot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The sources of all modules of this project. */
final class SourceFiles {
    private SourceFiles() {}

    /** Every source file of main and test code. */
    static List<Path> all() throws IOException {
        Path root = Path.of("").toAbsolutePath().getParent();
        List<Path> sources = new ArrayList<>();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path module : modules.filter(path -> Files.exists(path.resolve("pom.xml")))
                    .toList()) {
                for (String tree : List.of("src/main/java", "src/test/java")) {
                    sources.addAll(javaFiles(module.resolve(tree)));
                }
            }
        }
        assertThat(sources).as("sources under %s", root).isNotEmpty();
        return sources;
    }

    private static List<Path> javaFiles(Path tree) throws IOException {
        if (!Files.isDirectory(tree)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(tree)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
