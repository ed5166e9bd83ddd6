package dev.surefoot;

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

    private static final JavaClasses ALL = new ClassFileImporter().importPackages("dev.surefoot");

    static Stream<Arguments> sins() {
        return Stream.of(
                arguments("KnowsTheTransport", ArchitectureTest.ARROWS_POINT_FROM_THE_FACE_TO_THE_CORE),
                arguments("ReadsTheConfig", ArchitectureTest.ARROWS_POINT_FROM_THE_FACE_TO_THE_CORE),
                arguments("Innocent", ArchitectureTest.ARROWS_POINT_FROM_THE_FACE_TO_THE_CORE),
                arguments("MakesKafkasHeaders", ArchitectureTest.ONLY_WIRE_AND_NET_TOUCH_KAFKAS_INNER_CLASSES),
                arguments("HoldsKafkasSelectors", ArchitectureTest.ONLY_WIRE_AND_NET_TOUCH_KAFKAS_INNER_CLASSES),
                arguments("HoldsKafkasSelectors", ArchitectureTest.ONLY_NET_OPENS_SOCKETS),
                arguments("NamesAnAddress", ArchitectureTest.ONLY_NET_OPENS_SOCKETS),
                arguments("PromisesAResult", ArchitectureTest.ONLY_RUNTIME_AND_NET_KNOW_OF_THREADS),
                arguments("StartsAThread", ArchitectureTest.ONLY_RUNTIME_AND_NET_KNOW_OF_THREADS),
                arguments("DependsOnMore", ArchitectureTest.THE_CONSUMER_DEPENDS_ON_LITTLE),
                arguments("Prints", ArchitectureTest.NOBODY_PRINTS),
                arguments("LoopHelper", ArchitectureTest.CLASSES_ARE_NAMED_AFTER_WHAT_THEY_ARE));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sins")
    void aRuleCatchesWhatItIsThereFor(String planted, ArchRule rule) {
        EvaluationResult result = evaluate(rule, planted);

        assertThat(result.hasViolation()).as(rule.getDescription()).isTrue();
        assertThat(result.getFailureReport().getDetails()).anyMatch(detail -> detail.contains(planted));
    }

    @Test
    void theRulesLeaveTheInnocentAlone() {
        List<ArchRule> rules = List.of(
                ArchitectureTest.ONLY_WIRE_AND_NET_TOUCH_KAFKAS_INNER_CLASSES,
                ArchitectureTest.ONLY_RUNTIME_AND_NET_KNOW_OF_THREADS,
                ArchitectureTest.ONLY_NET_OPENS_SOCKETS,
                ArchitectureTest.THE_CONSUMER_DEPENDS_ON_LITTLE,
                ArchitectureTest.NOBODY_PRINTS,
                ArchitectureTest.CLASSES_ARE_NAMED_AFTER_WHAT_THEY_ARE);
        for (ArchRule rule : rules) {
            assertThat(evaluate(rule, "Innocent").getFailureReport().getDetails())
                    .as(rule.getDescription())
                    .isEmpty();
        }
    }

    private static EvaluationResult evaluate(ArchRule rule, String planted) {
        // The layers look at who is looked at from where, so what the planted class knows must be there too.
        JavaClasses chosen = ALL.that(describe(
                planted,
                (JavaClass type) -> type.getSimpleName().equals(planted)
                        || type.getName().matches("dev\\.surefoot\\.(SurefootConfig|net\\.Transport)")));
        assertThat(chosen.stream().map(JavaClass::getSimpleName)).contains(planted);
        return rule.evaluate(chosen);
    }
}
