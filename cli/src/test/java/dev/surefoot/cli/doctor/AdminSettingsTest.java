package dev.surefoot.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.cli.console.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminSettingsTest {

    @TempDir
    private Path folder;

    @Test
    void optionsOverrideTheFileAndTheFileTheDefaults() throws IOException {
        Path file = Files.writeString(folder.resolve("client.properties"), "client.id=mine\nretries=3\n");

        Map<String, Object> settings = new AdminSettings("localhost:9092", 5_000).merge(file, List.of("retries=4"));

        assertThat(settings)
                .containsEntry("bootstrap.servers", "localhost:9092")
                .containsEntry("client.id", "mine")
                .containsEntry("retries", "4")
                .containsEntry("default.api.timeout.ms", 5_000);
    }

    @Test
    void aFileMayBeSharedWithConsumersAndProducers() throws IOException {
        Path file = Files.writeString(
                folder.resolve("client.properties"), "group.id=mine\nacks=all\nsecurity.protocol=PLAINTEXT\n");
        Map<String, Object> settings = new AdminSettings("localhost:9092", 5_000).merge(file, List.of());

        assertThat(AdminSettings.ofConsumer(settings))
                .containsEntry("security.protocol", "PLAINTEXT")
                .doesNotContainKeys("group.id", "acks");
    }

    @Test
    void aMisspeltKeyIsRefusedInTheFileToo() throws IOException {
        Path file = Files.writeString(folder.resolve("client.properties"), "security.protocl=SSL\n");

        assertThatThrownBy(() -> new AdminSettings("localhost:9092", 5_000).merge(file, List.of()))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("did you mean security.protocol?");
    }

    @Test
    void noTimeoutThatTheUserHasGivenConflictsWithOneThatHeHasNot() throws IOException {
        Path file = Files.writeString(folder.resolve("client.properties"), "request.timeout.ms=30000\n");
        AdminSettings admin = new AdminSettings("localhost:9092", 10_000);

        assertThat(admin.merge(file, List.of()))
                .containsEntry("request.timeout.ms", "30000")
                .containsEntry("default.api.timeout.ms", 30_000);
        assertThat(admin.merge(null, List.of("default.api.timeout.ms=5000")))
                .containsEntry("request.timeout.ms", 5_000)
                .containsEntry("default.api.timeout.ms", "5000");
        assertThat(admin.merge(null, List.of()))
                .containsEntry("request.timeout.ms", 10_000)
                .containsEntry("default.api.timeout.ms", 10_000);
        try (Admin opened = AdminSettings.open(admin.merge(file, List.of()))) {
            assertThat(opened).isNotNull();
        }
    }
}
