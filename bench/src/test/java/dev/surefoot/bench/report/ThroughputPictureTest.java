package dev.surefoot.bench.report;

import static dev.surefoot.bench.report.Rounds.round;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThroughputPictureTest {

    @TempDir
    private Path folder;

    private final List<WorkloadSummary> summaries = WorkloadSummary.of(List.of(
            round("100B", "surefoot", 1, 6e6),
            round("100B", "kafka-classic", 1, 2e6),
            round("100B", "wire", 1, 2e7),
            round("1KB-lz4", "surefoot", 1, 9e5),
            round("1KB-lz4", "kafka-classic", 1, 3e5),
            round("1KB-lz4", "wire", 1, 5e6)));

    @Test
    void anSvgHasABarForEachClientInItsColour() throws IOException {
        Path file = folder.resolve("picture.svg");

        ThroughputPicture.draw(summaries, file);

        assertThat(file)
                .content()
                .contains("<svg", rgb(ThroughputPicture.colorOf("surefoot")), rgb(ThroughputPicture.colorOf("wire")));
    }

    private static String rgb(Color color) {
        return "rgb(" + color.getRed() + "," + color.getGreen() + "," + color.getBlue() + ")";
    }

    @Test
    void aPngIsAnImage() throws IOException {
        Path file = folder.resolve("picture.png");

        ThroughputPicture.draw(summaries, file);

        assertThat(ImageIO.read(file.toFile()).getWidth()).isGreaterThan(1000);
    }

    @Test
    void whatWasThereIsReplaced() throws IOException {
        Path file = Files.writeString(folder.resolve("picture.svg"), "old");

        ThroughputPicture.draw(summaries, file);

        assertThat(file).content().startsWith("<?xml").doesNotContain("old\n");
    }

    @Test
    void otherKindsOfPicturesAreNotDrawn() {
        assertThat(ThroughputPicture.canDraw(Path.of("a.SVG"))).isTrue();
        assertThat(ThroughputPicture.canDraw(Path.of("a.jpg"))).isFalse();
    }
}
