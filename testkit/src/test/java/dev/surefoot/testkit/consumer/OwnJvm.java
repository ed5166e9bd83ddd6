package dev.surefoot.testkit.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs a program of the tests in a JVM of its own. */
final class OwnJvm {
    private static final long PATIENCE_SECONDS = 120;

    private OwnJvm() {}

    /** This JVM's class path without the jars that are named. */
    static String classPathWithout(Predicate<String> isNamed) {
        return Stream.of(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                        .split(File.pathSeparator))
                .filter(entry -> !isNamed.test(Path.of(entry).getFileName().toString()))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Starts the program, whose process the caller has to end; what it prints is dropped. */
    static Process start(Class<?> program, List<String> arguments) throws IOException {
        return new ProcessBuilder(command(classPathWithout(jar -> false), List.of("-Xmx128m"), program, arguments))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static List<String> command(
            String classPath, List<String> options, Class<?> program, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, program.getName()));
        command.addAll(arguments);
        return command;
    }

    /** Runs the program, which has to end by itself and without an error; returns the lines that it printed. */
    static List<String> run(String classPath, List<String> options, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = command(classPath, options, program, List.of(arguments));
        Path output = Files.createTempFile("surefoot-own-jvm", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            List<String> printed = Files.readAllLines(output);
            assertThat(ended)
                    .as("the program ends by itself; it printed: %s", printed)
                    .isTrue();
            assertThat(process.exitValue()).as("it printed: %s", printed).isZero();
            return printed;
        } finally {
            Files.delete(output);
        }
    }
}
