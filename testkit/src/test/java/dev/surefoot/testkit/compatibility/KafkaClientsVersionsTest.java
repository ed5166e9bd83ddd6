package dev.surefoot.testkit.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same class files run with every kafka-clients that is supported, in a JVM of its own with the class path of a
 * user who pins it. The oldest and the newest are tried by every build, all of them with {@code -P thorough}.
 */
@Tag("longer")
class KafkaClientsVersionsTest {
    /** What a program cannot see of the others' jars, so that two of them may have it. */
    private static final String META_INF = "META-INF";

    @TempDir
    private static Path folder;

    private static Map<String, List<Path>> classPaths;
    private static BrokerOfEveryProtocol broker;

    @BeforeAll
    static void startBrokerAndFindClassPaths() throws Exception {
        classPaths = UserProjects.classPaths(KafkaClientsVersions.tried());
        broker = new BrokerOfEveryProtocol(folder);
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) {
            broker.close();
        }
    }

    static List<String> versions() {
        return KafkaClientsVersions.tried();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void readsEveryCodecOverEveryProtocolAndIsSpiedOn(String version) throws Exception {
        List<String> command = new ArrayList<>(List.of("-XX:+EnableDynamicAgentLoading", "-cp"));
        command.add(Stream.concat(classPaths.get(version).stream(), Stream.of(testClasses()))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator)));
        command.add(SpyOnConsumer.class.getName());

        List<String> expected = new ArrayList<>(List.of("mock []", "spy [spied-7] []"));
        expected.addAll(everythingRead());
        assertThat(run(command)).containsSubsequence(expected);
    }

    /** Only reflection asks for a class that 4.0 lacks. */
    @Test
    void readsWithTheOldestKafkaClientsAlone() throws Exception {
        String oldest = KafkaClientsVersions.tried().get(0);
        String classPath = Stream.concat(classPaths.get(oldest).stream(), Stream.of(testClasses()))
                .filter(entry -> !entry.toString().contains("surefoot-kafka-4.0"))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));

        List<String> read = everythingRead();
        assertThat(run(List.of("-cp", classPath, ReadEverything.class.getName())))
                .containsSubsequence(read.subList(0, read.size() - 1))
                .anyMatch(
                        line -> line.contains("NoClassDefFoundError: org/apache/kafka/clients/consumer/CloseOptions"));
    }

    /** A program that requires dev.surefoot, and names no other module. */
    @ParameterizedTest
    @MethodSource("versions")
    void readsEveryCodecOverEveryProtocolOnTheModulePath(String version) throws Exception {
        List<Path> modules = classPaths.get(version).stream()
                .filter(jar ->
                        !jar.toString().contains("mockito") && !jar.toString().contains("bytebuddy"))
                .toList();
        List<Path> patch = modules.stream()
                .filter(jar -> jar.toString().contains("surefoot-kafka-4.0"))
                .toList();
        String modulePath = modules.stream()
                .filter(jar -> !patch.contains(jar))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        Path program = folder.resolve("program-" + version);
        compileModule(modulePath, patch, program);

        List<String> command = new ArrayList<>(List.of("--module-path", modulePath + File.pathSeparator + program));
        patch.forEach(jar -> command.addAll(List.of("--patch-module", "kafka.clients=" + jar)));
        command.addAll(List.of("-m", "program/" + ReadEverything.class.getName()));
        assertThat(run(command)).containsSubsequence(everythingRead());
    }

    private static void compileModule(String modulePath, List<Path> patch, Path output) throws IOException {
        Path sources = Files.createDirectories(output.resolveSibling(output.getFileName() + "-sources"));
        Path description = sources.resolve("module-info.java");
        Files.writeString(description, "module program { requires dev.surefoot; }");
        String program = Path.of(
                        "src", "test", "java", ReadEverything.class.getName().replace('.', '/') + ".java")
                .toString();
        List<String> arguments = new ArrayList<>(List.of("--module-path", modulePath, "-d", output.toString()));
        patch.forEach(jar -> arguments.addAll(List.of("--patch-module", "kafka.clients=" + jar)));
        arguments.addAll(List.of(description.toString(), program));
        int code = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(System.out, System.err, arguments.toArray(String[]::new));
        assertThat(code).as("javac %s", arguments).isZero();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void noPackageIsInTwoJars(String version) throws IOException {
        Map<String, Path> owners = new HashMap<>();
        for (Path jar : classPaths.get(version)) {
            if (jar.toString().contains("surefoot-kafka-4.0")) {
                continue; // it adds a class to a package of Kafka, which is what it is for
            }
            try (JarFile file = new JarFile(jar.toFile())) {
                List<String> packages = file.stream()
                        .map(entry -> entry.getName())
                        .filter(name -> name.endsWith(".class") && name.contains("/") && !name.startsWith(META_INF))
                        .map(name -> name.substring(0, name.lastIndexOf('/')))
                        .distinct()
                        .toList();
                for (String each : packages) {
                    Path other = owners.put(each, jar);
                    assertThat(other).as("has %s too, beside %s", each, jar).isNull();
                }
            }
        }
        assertThat(owners).containsKeys("net/jpountz/lz4", "com/github/luben/zstd", "org/xerial/snappy");
    }

    @ParameterizedTest
    @MethodSource("versions")
    void hasEveryMemberThatOurClassesName(String version) throws IOException {
        assertThat(ForeignMembers.missing(classPaths.get(version))).isEmpty();
    }

    /** Otherwise the check of members would find nothing missing because it looks at nothing. */
    @Test
    void namesMembersOfKafkaAndOfEachCodec() throws IOException {
        List<Path> ours = classPaths.get(KafkaClientsVersions.newest()).stream()
                .filter(jar -> jar.toString().contains("surefoot"))
                .toList();
        assertThat(ForeignMembers.missing(ours))
                .anyMatch(member -> member.contains("org/apache/kafka/common/network/Selector.poll(J)V"))
                .anyMatch(member -> member.contains("com/github/luben/zstd"))
                .anyMatch(member -> member.contains("net/jpountz/"))
                .anyMatch(member -> member.contains("org/xerial/snappy"))
                .anyMatch(member -> member.contains("org/slf4j/Logger.warn"));
    }

    private static List<String> everythingRead() {
        long sum = (long) BrokerOfEveryProtocol.RECORDS * (BrokerOfEveryProtocol.RECORDS - 1) / 2;
        String sums = BrokerOfEveryProtocol.CODECS.stream()
                .sorted()
                .map(codec -> codec + "=" + sum)
                .collect(Collectors.joining(", ", "{", "}"));
        List<String> lines = new ArrayList<>();
        broker.clients().forEach(client -> lines.add(client + ".properties " + sums));
        lines.add("reflection works");
        return lines;
    }

    private static Path testClasses() {
        return Path.of("target", "test-classes").toAbsolutePath();
    }

    /** The lines that the program prints until it ends. */
    private static List<String> run(List<String> options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(options);
        command.addAll(List.of(folder.toString(), Integer.toString(BrokerOfEveryProtocol.RECORDS)));
        command.addAll(BrokerOfEveryProtocol.CODECS);
        Path output = Files.createTempFile(folder, "program", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(2, TimeUnit.MINUTES);
        process.destroyForcibly();
        String printed = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(ended)
                .as("the program ends by itself; it printed: %s", printed)
                .isTrue();
        return printed.lines().toList();
    }
}
