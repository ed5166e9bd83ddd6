package dev.surefoot.cli.doctor;

import static dev.surefoot.cli.doctor.Story.at;
import static dev.surefoot.cli.doctor.Story.view;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.surefoot.cli.doctor.GroupView.Phase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code --watch} prints from one look to the next. */
class ChangesTest {

    private final List<String> lines = new ArrayList<>();

    @Test
    void aGroupWhoseCoordinatorIsLostIsTold() {
        Changes changes = new Changes(false, false, lines::add);
        Report lost = new Story()
                .group(GroupView.undescribed("g", Phase.COORDINATOR_UNREACHABLE, "no answer"))
                .lookedFor(30)
                .report();
        Report found = new Story().with(0, at(30, 30)).report();

        changes.start(List.of(found));
        changes.tell(List.of(lost));
        changes.tell(List.of(lost));
        changes.tell(List.of(found));

        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).contains("group g: STALLED, COORDINATOR_UNREACHABLE (network) - for 30 s: no answer");
        assertThat(lines.get(1)).contains("group g t-0: not seen any more (was FINE, CAUGHT_UP)");
        assertThat(lines.get(2)).contains("group g t-0: FINE, CAUGHT_UP");
        assertThat(lines.get(3)).contains("group g: in order (was STALLED, COORDINATOR_UNREACHABLE (network))");
    }

    @Test
    void reportsAndChangesHaveOneShape() throws JsonProcessingException {
        Changes changes = new Changes(true, false, lines::add);
        Report healthy = new Story().with(0, at(30, 30)).report();
        Report stalled = new Story().with(0, at(10, 30)).report();
        Report away = new Story().report();

        changes.start(List.of(healthy));
        changes.tell(List.of(stalled));
        changes.tell(List.of(away));

        JsonNode report = new ReportJson(false).of(healthy);
        JsonNode change = new ObjectMapper().readTree(lines.get(0));
        JsonNode end = new ObjectMapper().readTree(lines.get(1));
        assertThat(report.at("/type").asText()).isEqualTo("report");
        assertThat(change.at("/type").asText()).isEqualTo("change");
        assertThat(change.at("/cause").asText()).isEqualTo("APPLICATION_NOT_POLLING");
        assertThat(end.at("/type").asText()).isEqualTo("end");
        assertThat(end.at("/topic").asText()).isEqualTo("t");
        assertThat(List.of(report, change, end))
                .extracting(each -> each.at("/group/id").asText())
                .containsOnly("g");
    }

    @Test
    void aTopicWithoutAGroupHasNoGroupInEither() throws JsonProcessingException {
        Changes changes = new Changes(true, false, lines::add);
        Story alone = new Story().group(GroupView.absent());
        Report pinned = alone.with(0, view(PartitionView.CommitView.UNKNOWN, PartitionView.LogEnds.of(0, 5, 10)))
                .report();

        changes.tell(List.of(pinned));

        assertThat(new ObjectMapper().readTree(lines.get(0)).has("group")).isFalse();
        assertThat(new ReportJson(false).of(pinned).has("group")).isFalse();
    }

    @Test
    void aHealthyGroupWithTrafficIsQuiet() {
        Changes changes = new Changes(false, false, lines::add);
        Report caughtUp = new Story().with(0, at(30, 30)).report();
        Report progressing = new Story().with(0, sample -> at(sample, 300)).report();
        Report undecided = new Story().with(0, at(10, 30)).lookedFor(5).report();
        Report stalled = new Story().with(0, at(10, 30)).report();

        changes.start(List.of(caughtUp));
        changes.tell(List.of(progressing));
        changes.tell(List.of(undecided));
        changes.tell(List.of(caughtUp));
        changes.tell(List.of(undecided));
        assertThat(lines).isEmpty();

        changes.tell(List.of(stalled));
        assertThat(lines).hasSize(1).first().asString().contains("STALLED", "(was FINE, CAUGHT_UP)");
    }
}
