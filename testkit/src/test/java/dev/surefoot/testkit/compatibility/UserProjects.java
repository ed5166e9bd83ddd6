package dev.surefoot.testkit.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Projects of users, each of which depends on Surefoot and pins a version of kafka-clients. Maven itself says what
 * their class paths are, in one run for all of them.
 *
 * <p>The run has a local repository of its own, into which this build's poms and classes are put, so that none of them
 * get into that of the developer. What else is needed comes from there, or else from wherever Maven takes it.
 */
final class UserProjects {
    private static final Path FOLDER = Path.of("target", "users").toAbsolutePath();
    private static final Path REPOSITORY = FOLDER.resolve("repository");
    private static final Path SOURCES = Path.of("..").toAbsolutePath().normalize();
    private static final String VERSION = System.getProperty("surefoot.version", "0.1.0-SNAPSHOT");

    private UserProjects() {}

    /** The class path of a project for each version of kafka-clients, in the order that Maven gives it. */
    static Map<String, List<Path>> classPaths(List<String> versions) throws IOException, InterruptedException {
        Files.createDirectories(FOLDER);
        stage("surefoot-parent", SOURCES);
        stage("surefoot-core", SOURCES.resolve("core"));
        stage("surefoot-consumer", SOURCES.resolve("consumer"));
        stage("surefoot-kafka-4.0", SOURCES.resolve("kafka-4.0"));
        Files.writeString(FOLDER.resolve("pom.xml"), parent(versions));
        for (String version : versions) {
            Files.createDirectories(FOLDER.resolve(version));
            Files.writeString(FOLDER.resolve(version).resolve("pom.xml"), user(version));
            Files.deleteIfExists(FOLDER.resolve(version).resolve("class-path.txt"));
        }
        runMaven();
        Map<String, List<Path>> classPaths = new LinkedHashMap<>();
        for (String version : versions) {
            String entries = Files.readString(FOLDER.resolve(version).resolve("class-path.txt"));
            classPaths.put(
                    version,
                    Stream.of(entries.trim().split(File.pathSeparator))
                            .map(Path::of)
                            .toList());
        }
        return classPaths;
    }

    /** Puts a pom, and a jar of the classes if there are any, where {@code mvn install} would. */
    private static void stage(String artifact, Path module) throws IOException {
        Path folder = REPOSITORY.resolve("dev/surefoot").resolve(artifact).resolve(VERSION);
        Files.createDirectories(folder);
        Path pom = folder.resolve(artifact + "-" + VERSION + ".pom");
        Files.deleteIfExists(pom);
        Files.copy(module.resolve("pom.xml"), pom);
        Path classes = module.resolve("target").resolve("classes");
        if (Files.exists(classes)) {
            jar(classes, folder.resolve(artifact + "-" + VERSION + ".jar"));
        }
    }

    /** Makes a jar of a folder of classes. */
    static void jar(Path classes, Path jar) {
        int code = ToolProvider.findFirst("jar")
                .orElseThrow()
                .run(
                        System.out,
                        System.err,
                        "--create",
                        "--no-compress",
                        "--file",
                        jar.toString(),
                        "-C",
                        classes.toString(),
                        ".");
        assertThat(code).as("making %s", jar).isZero();
    }

    private static String parent(List<String> versions) {
        String modules = versions.stream()
                .map(version -> "    <module>" + version + "</module>")
                .collect(Collectors.joining("\n"));
        String repository = """
                    <id>developer</id>
                    <url>%s</url>
                    <snapshots><enabled>false</enabled></snapshots>
                """.formatted(
                        Path.of(System.getProperty("surefoot.maven.repository")).toUri());
        return """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>org.example</groupId>
          <artifactId>users</artifactId>
          <version>1</version>
          <packaging>pom</packaging>
          <modules>
        %s
          </modules>
          <repositories><repository>
        %s  </repository></repositories>
          <pluginRepositories><pluginRepository>
        %s  </pluginRepository></pluginRepositories>
        </project>
        """.formatted(modules, repository, repository);
    }

    private static String user(String version) {
        String only40 = version.startsWith("4.0.") ? dependency("dev.surefoot", "surefoot-kafka-4.0", VERSION) : "";
        return """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <parent>
            <groupId>org.example</groupId>
            <artifactId>users</artifactId>
            <version>1</version>
          </parent>
          <artifactId>user-of-%s</artifactId>
          <dependencyManagement><dependencies>
            %s
          </dependencies></dependencyManagement>
          <dependencies>
            %s
            %s
            %s
          </dependencies>
        </project>
        """.formatted(
                        version,
                        dependency("org.apache.kafka", "kafka-clients", version),
                        dependency("dev.surefoot", "surefoot-consumer", VERSION),
                        only40,
                        dependency("org.mockito", "mockito-core", System.getProperty("surefoot.mockito.version")));
    }

    private static String dependency(String group, String artifact, String version) {
        return "<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency>"
                .formatted(group, artifact, version);
    }

    private static void runMaven() throws IOException, InterruptedException {
        Path output = FOLDER.resolve("maven.txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("surefoot.maven.home"), "bin", "mvn").toString(),
                "-B",
                "-ntp",
                "-f",
                FOLDER.resolve("pom.xml").toString(),
                "-Dmaven.repo.local=" + REPOSITORY,
                "org.apache.maven.plugins:maven-dependency-plugin:"
                        + System.getProperty("surefoot.maven.dependency.plugin") + ":build-classpath",
                "-Dmdep.outputFile=class-path.txt"));
        ProcessBuilder maven =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = maven.start();
        boolean ended = process.waitFor(5, TimeUnit.MINUTES);
        process.destroyForcibly();
        assertThat(ended).as("Maven ends: %s", output).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    }
}
