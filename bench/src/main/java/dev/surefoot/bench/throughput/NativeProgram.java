package dev.surefoot.bench.throughput;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The C program that reads with librdkafka, compiled by this machine's compiler into a temporary folder. */
final class NativeProgram implements AutoCloseable {
    private static final String SOURCE = "rdkafka_worker.c";

    private final Path folder;
    private final Path program;

    private NativeProgram(Path folder, Path program) {
        this.folder = folder;
        this.program = program;
    }

    /** Compiles it; empty if there is no compiler or no librdkafka with its header files. */
    static Optional<NativeProgram> compile() {
        try {
            Path folder = Files.createTempDirectory("surefoot-bench-");
            NativeProgram compiled = new NativeProgram(folder, folder.resolve("rdkafka_worker"));
            if (compiled.build()) {
                return Optional.of(compiled);
            }
            compiled.close();
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot compile " + SOURCE, e);
        }
    }

    private boolean build() throws IOException {
        Path source = folder.resolve(SOURCE);
        try (InputStream in = NativeProgram.class.getResourceAsStream(SOURCE)) {
            if (in == null) {
                throw new IllegalStateException(
                        SOURCE + " is not on the class path; build the bench module with Maven");
            }
            Files.copy(in, source);
        }
        Process compiler;
        try {
            compiler = new ProcessBuilder("cc", "-O2", "-o", program.toString(), source.toString(), "-lrdkafka")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("compiler.log").toFile())
                    .start();
        } catch (IOException noCompiler) {
            return false;
        }
        try {
            return compiler.waitFor(60, TimeUnit.SECONDS) && compiler.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            compiler.destroyForcibly();
        }
    }

    Path path() {
        return program;
    }

    /** Returns the version of librdkafka that the program uses. */
    String version() {
        try {
            Process process = new ProcessBuilder(program.toString(), "--version").start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot run " + program, e);
        }
    }

    @Override
    public void close() {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + folder, e);
        }
    }
}
