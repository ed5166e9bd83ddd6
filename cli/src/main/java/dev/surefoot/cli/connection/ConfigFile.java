package dev.surefoot.cli.connection;

import dev.surefoot.cli.console.CommandFailure;
import dev.surefoot.cli.console.FailureLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/** The properties file of {@code --command-config}, in UTF-8, with or without a byte order mark. */
public final class ConfigFile {

    private static final char BYTE_ORDER_MARK = '\ufeff';

    private final Path path;

    /** @param path where the file is; it is read by {@link #load} */
    public ConfigFile(Path path) {
        this.path = path;
    }

    /** Returns the name of the file in messages. */
    public String name() {
        return "--command-config " + path;
    }

    /** Reads the file. A key that occurs twice is an error, as one of the two values would be ignored. */
    public Map<String, String> load() {
        if (!Files.isReadable(path)) {
            throw CommandFailure.wrongUsage("--command-config: there is no readable file " + path);
        }
        if (Files.isDirectory(path)) {
            throw CommandFailure.wrongUsage("--command-config: " + path + " is a directory, not a properties file");
        }
        DistinctSettings settings = new DistinctSettings(name());
        try (BufferedReader reader = Files.newBufferedReader(path)) {
            reader.mark(1);
            if (reader.read() != BYTE_ORDER_MARK) {
                reader.reset();
            }
            new PropertiesInto(settings).load(reader);
        } catch (CharacterCodingException e) {
            throw CommandFailure.wrongUsage(
                    "--command-config: " + path
                            + " is not UTF-8; save it as UTF-8, or write what is not ASCII as \\uXXXX",
                    e);
        } catch (IOException | IllegalArgumentException e) {
            throw CommandFailure.wrongUsage(
                    "--command-config: cannot read " + path + " (" + FailureLine.lineOf(e) + ")", e);
        }
        return settings.values();
    }

    /** Passes on each entry as it is read; {@link Properties} itself keeps only the last of each key. */
    private static final class PropertiesInto extends Properties {

        private static final long serialVersionUID = 1L;

        private final transient DistinctSettings settings;

        PropertiesInto(DistinctSettings settings) {
            this.settings = settings;
        }

        @Override
        public synchronized Object put(Object key, Object value) {
            settings.add((String) key, (String) value);
            return super.put(key, value);
        }
    }
}
