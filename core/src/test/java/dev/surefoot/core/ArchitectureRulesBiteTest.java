package dev.surefoot.core;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tries each rule of {@link ArchitectureTest} on a class that breaks it: a rule that catches nothing is worse than
 * none.
 */
class ArchitectureRulesBiteTest {

    private static final JavaClasses PLANTED =
            new ClassFileImporter().importPackages("dev.surefoot.core.planted", "dev.surefoot.core.records.planted");

    static Stream<Arguments> sins() {
        return Stream.of(
                arguments("OpensASocket", ArchitectureTest.THE_CORE_DOES_NO_INPUT_OR_OUTPUT),
                arguments("OpensAChannel", ArchitectureTest.THE_CORE_DOES_NO_INPUT_OR_OUTPUT),
                arguments("ReadsAFile", ArchitectureTest.THE_CORE_DOES_NO_INPUT_OR_OUTPUT),
                arguments("StreamsAFile", ArchitectureTest.THE_CORE_DOES_NO_INPUT_OR_OUTPUT),
                arguments("StartsAThread", ArchitectureTest.THE_CORE_STARTS_NO_THREAD),
                arguments("WaitsConcurrently", ArchitectureTest.THE_CORE_STARTS_NO_THREAD),
                arguments("RollsTheDieOfItsThread", ArchitectureTest.THE_CORE_STARTS_NO_THREAD),
                arguments("Locks", ArchitectureTest.THE_CORE_LOCKS_NOTHING),
                arguments("Shares", ArchitectureTest.THE_CORE_SHARES_NO_FIELD_BETWEEN_THREADS),
                arguments("ReadsNanos", ArchitectureTest.THE_CORE_READS_NO_CLOCK),
                arguments("ReadsMillisByReference", ArchitectureTest.THE_CORE_READS_NO_CLOCK),
                arguments("ReadsTheInstant", ArchitectureTest.THE_CORE_READS_NO_CLOCK),
                arguments("ReadsTheDateByReference", ArchitectureTest.THE_CORE_READS_NO_CLOCK),
                arguments("RollsADie", ArchitectureTest.THE_CORE_IS_NOT_RANDOM),
                arguments("RollsADieOfItsOwn", ArchitectureTest.THE_CORE_IS_NOT_RANDOM),
                arguments("RollsAnUnseededDie", ArchitectureTest.THE_CORE_IS_NOT_RANDOM),
                arguments("RollsAnUnseededDieByReference", ArchitectureTest.THE_CORE_IS_NOT_RANDOM),
                arguments("MakesUpAnId", ArchitectureTest.THE_CORE_IS_NOT_RANDOM),
                arguments("Shuffles", ArchitectureTest.THE_CORE_IS_NOT_RANDOM),
                arguments("Logs", ArchitectureTest.THE_CORE_LOGS_NOTHING),
                arguments("LogsToTheJdk", ArchitectureTest.THE_CORE_LOGS_NOTHING),
                arguments("Prints", ArchitectureTest.THE_CORE_LOGS_NOTHING),
                arguments("ReadsTheEnvironment", ArchitectureTest.THE_CORE_LOOKS_AT_NO_ENVIRONMENT),
                arguments("UsesKafkasProtocol", ArchitectureTest.THE_CORE_DEPENDS_ON_LITTLE),
                arguments("UsesKafkasSelectorInAnArray", ArchitectureTest.THE_CORE_DEPENDS_ON_LITTLE),
                arguments("ReachesUpstairs", ArchitectureTest.FLOORS_IMPORT_ONLY_DOWNWARDS),
                arguments("KnowsItsSibling", ArchitectureTest.FLOORS_IMPORT_ONLY_DOWNWARDS),
                arguments("Planted", ArchitectureTest.FLOORS_IMPORT_ONLY_DOWNWARDS),
                arguments("LaneManager", ArchitectureTest.CLASSES_ARE_NAMED_AFTER_WHAT_THEY_ARE),
                arguments("FetchUtils", ArchitectureTest.CLASSES_ARE_NAMED_AFTER_WHAT_THEY_ARE),
                arguments("LaneImpl", ArchitectureTest.CLASSES_ARE_NAMED_AFTER_WHAT_THEY_ARE),
                arguments("AbstractLane", ArchitectureTest.CLASSES_ARE_NAMED_AFTER_WHAT_THEY_ARE),
                arguments("Hesitates", ArchitectureTest.METHODS_DO_WHAT_THEY_SAY));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sins")
    void aRuleCatchesWhatItIsThereFor(String planted, ArchRule rule) {
        EvaluationResult result = evaluate(rule, planted);

        assertThat(result.hasViolation()).as(rule.getDescription()).isTrue();
        assertThat(result.getFailureReport().getDetails()).allMatch(detail -> detail.contains(planted));
    }

    @Test
    void theRulesLeaveTheInnocentAlone() {
        List<ArchRule> rules = List.of(
                ArchitectureTest.THE_CORE_STARTS_NO_THREAD,
                ArchitectureTest.THE_CORE_DOES_NO_INPUT_OR_OUTPUT,
                ArchitectureTest.THE_CORE_LOGS_NOTHING,
                ArchitectureTest.THE_CORE_READS_NO_CLOCK,
                ArchitectureTest.THE_CORE_IS_NOT_RANDOM,
                ArchitectureTest.THE_CORE_LOOKS_AT_NO_ENVIRONMENT,
                ArchitectureTest.THE_CORE_DEPENDS_ON_LITTLE,
                ArchitectureTest.CLASSES_ARE_NAMED_AFTER_WHAT_THEY_ARE);
        for (String innocent : List.of("Innocent", "Baseline", "Utilization")) {
            for (ArchRule rule : rules) {
                assertThat(evaluate(rule, innocent).getFailureReport().getDetails())
                        .as(rule.getDescription())
                        .isEmpty();
            }
        }
    }

    private static EvaluationResult evaluate(ArchRule rule, String planted) {
        JavaClasses chosen = PLANTED.that(
                describe(planted, (JavaClass type) -> type.getSimpleName().equals(planted)));
        assertThat(chosen).as(planted).hasSize(1);
        return rule.evaluate(chosen);
    }
}
