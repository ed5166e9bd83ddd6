package dev.surefoot.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/** No test of Kafka's that makes a consumer is left out, and the list of failures speaks of tests that are run. */
class TestedClassTest {

    /** Nearly all of its tests read the topic of share states by a plain consumer, all in the same way. */
    private static final String ONE_TEST_IS_ENOUGH = "org.apache.kafka.clients.consumer.ShareConsumerTest#";

    @Test
    void everyTestThatMakesAConsumerIsRun() throws IOException, URISyntaxException, ClassNotFoundException {
        Set<String> run = new TreeSet<>();
        for (TestedClass tested : TestedClass.all()) {
            tests(tested.name())
                    .filter(test -> tested.runs(test.getName()))
                    .forEach(test -> run.add(tested.name() + "#" + test.getName()));
        }
        Set<String> leftOut = new TreeSet<>();
        for (String maker : ConsumerMakers.names()) {
            String[] name = maker.split("#");
            if (!run.contains(maker)
                    && !maker.startsWith(ONE_TEST_IS_ENOUGH)
                    && tests(name[0]).anyMatch(test -> test.getName().equals(name[1]))) {
                leftOut.add(maker);
            }
        }

        assertThat(run).anyMatch(test -> test.startsWith(ONE_TEST_IS_ENOUGH)).hasSizeGreaterThan(200);
        assertThat(leftOut).as("not listed in tested-classes.txt").isEmpty();
    }

    @Test
    void whatIsExpectedToFailIsRun() throws IOException, ClassNotFoundException {
        Set<String> run = new TreeSet<>();
        for (TestedClass tested : TestedClass.all()) {
            tests(tested.name())
                    .filter(test -> tested.runs(test.getName()))
                    .forEach(test -> run.add(test.getDeclaringClass().getSimpleName() + "#" + test.getName()));
        }
        List<String> expected = ExpectedFailures.read().all().stream()
                .map(ExpectedFailure::test)
                .toList();

        assertThat(run).containsAll(expected);
    }

    private static Stream<Method> tests(String className) throws ClassNotFoundException {
        return Arrays.stream(Class.forName(className).getDeclaredMethods())
                .filter(method -> AnnotationSupport.isAnnotated(method, Testable.class));
    }
}
