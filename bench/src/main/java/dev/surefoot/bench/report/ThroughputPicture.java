package dev.surefoot.bench.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/**
 * Draws the medians of a run: for each workload one bar for each client, as high as its ratio to the better of the
 * {@code KafkaConsumer}s. Where no {@code KafkaConsumer} was measured, a bar is as high as the MB/s.
 *
 * <p>The wire limit is not drawn for compressed topics: clients that decompress stay far below it.
 */
public final class ThroughputPicture {
    private static final int WIDTH = 1320;
    private static final int HEIGHT = 560;
    private static final int DOTS_PER_INCH = 192;

    private static final String KAFKA_CONSUMER = "kafka-";
    private static final String IN_GROUP = "-group-";
    private static final String WIRE = "wire";
    private static final String UNCOMPRESSED = "none";

    private static final Color INK = new Color(0x24292f);
    private static final Color FAINT = new Color(0xe4e7eb);
    private static final Color OTHER = new Color(0x9aa5b1);
    private static final Map<String, Color> COLORS = Map.of(
            "surefoot",
            new Color(0x0b7285),
            "surefoot-visit",
            new Color(0x22b8cf),
            "kafka-classic",
            new Color(0xe8890c),
            "kafka-consumer",
            new Color(0xf6c177),
            "librdkafka",
            new Color(0x7b6fb0),
            WIRE,
            new Color(0xced4da));

    private final List<WorkloadSummary> summaries;
    private final boolean relative;

    private ThroughputPicture(List<WorkloadSummary> summaries) {
        this.summaries = summaries;
        this.relative = summaries.stream()
                .allMatch(summary -> betterKafkaConsumer(summary).isPresent());
    }

    /** Returns whether the file's name ends in a kind of picture that can be drawn: {@code .svg} or {@code .png}. */
    public static boolean canDraw(Path file) {
        return isSvg(file) || file.toString().toLowerCase(Locale.ROOT).endsWith(".png");
    }

    /** Draws into the file, which is overwritten. */
    public static void draw(List<WorkloadSummary> summaries, Path file) throws IOException {
        CategoryChart chart = new ThroughputPicture(summaries).chart();
        if (isSvg(file)) {
            VectorGraphicsEncoder.saveVectorGraphic(chart, file.toString(), VectorGraphicsFormat.SVG);
        } else {
            BitmapEncoder.saveBitmapWithDPI(chart, file.toString(), BitmapFormat.PNG, DOTS_PER_INCH);
        }
    }

    private static boolean isSvg(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".svg");
    }

    static Color colorOf(String client) {
        return COLORS.getOrDefault(client, OTHER);
    }

    private CategoryChart chart() {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(
                        relative
                                ? "Records per second, in multiples of the better KafkaConsumer"
                                : "MB of values per second")
                .build();
        style(chart.getStyler());
        List<String> workloads = summaries.stream()
                .map(summary -> summary.workload().replace('-', ' '))
                .toList();
        for (String client : clients()) {
            List<@Nullable Double> heights = new ArrayList<>();
            for (WorkloadSummary summary : summaries) {
                heights.add(height(summary, client));
            }
            chart.addSeries(client, workloads, heights).setFillColor(colorOf(client));
        }
        return chart;
    }

    private void style(CategoryStyler styler) {
        Font plain = new Font(Font.SANS_SERIF, Font.PLAIN, 15);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBackgroundColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setChartFontColor(INK);
        styler.setChartTitleFont(plain.deriveFont(Font.BOLD, 20));
        styler.setChartTitleBoxVisible(false);
        styler.setChartTitlePadding(14);
        styler.setChartPadding(16);
        styler.setLegendPosition(LegendPosition.OutsideS);
        styler.setLegendLayout(LegendLayout.Horizontal);
        styler.setLegendFont(plain);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setLegendPadding(16);
        styler.setAxisTickLabelsFont(plain);
        styler.setAxisTickLabelsColor(INK);
        styler.setAxisTickMarksColor(FAINT);
        styler.setAxisTicksLineVisible(false);
        styler.setPlotGridVerticalLinesVisible(false);
        styler.setPlotGridLinesColor(FAINT);
        styler.setPlotGridLinesStroke(new BasicStroke(1));
        styler.setYAxisMin(0.0);
        styler.setyAxisTickLabelsFormattingFunction(
                value -> String.format(Locale.ROOT, relative ? "%.1f" : "%,.0f", value));
        styler.setAvailableSpaceFill(0.86);
        styler.setLabelsVisible(true);
        styler.setLabelsPosition(0.94);
        styler.setLabelsFont(plain.deriveFont(11f));
        styler.setLabelsFontColorAutomaticEnabled(true);
    }

    private Set<String> clients() {
        Set<String> labels = new LinkedHashSet<>();
        summaries.forEach(summary -> summary.clients().forEach(client -> labels.add(client.client())));
        return labels;
    }

    private @Nullable Double height(WorkloadSummary summary, String label) {
        Optional<ClientSummary> client = summary.client(label);
        if (client.isEmpty() || (label.startsWith(WIRE) && isCompressed(client.get()))) {
            return null;
        }
        return relative
                ? betterKafkaConsumer(summary)
                        .flatMap(client.get()::timesAsFastAs)
                        .orElse(null)
                : client.get().median(RoundFigures::mbPerSecond).orElse(null);
    }

    private static boolean isCompressed(ClientSummary client) {
        return client.warm().stream().anyMatch(round -> !round.codec().equals(UNCOMPRESSED));
    }

    private static Optional<ClientSummary> betterKafkaConsumer(WorkloadSummary summary) {
        return summary.clients().stream()
                .filter(client -> client.client().startsWith(KAFKA_CONSUMER)
                        && !client.client().contains(IN_GROUP)
                        && !client.warm().isEmpty())
                .reduce((one, other) -> one.timesAsFastAs(other).orElse(1.0) >= 1 ? one : other);
    }
}
