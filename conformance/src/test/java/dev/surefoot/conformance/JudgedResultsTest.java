package dev.surefoot.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.EngineExecutionListener;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.AbstractTestDescriptor;
import org.junit.platform.engine.support.descriptor.MethodSource;

class JudgedResultsTest {
    private static final AssertionError FAILURE = new AssertionError("no records");

    private final Map<String, TestExecutionResult> told = new HashMap<>();

    private final JudgedResults results = new JudgedResults(
            new EngineExecutionListener() {
                @Override
                public void executionFinished(TestDescriptor descriptor, TestExecutionResult result) {
                    told.put(descriptor.getDisplayName(), result);
                }
            },
            ExpectedFailures.parse(List.of(
                    "Sample#listed | internals | a wait", "Sample#chancy | read-ahead | one answer in a poll")));

    @Test
    void anExpectedFailureCountsAsAborted() {
        results.executionFinished(new Method("listed"), TestExecutionResult.failed(FAILURE));

        assertThat(told.get("listed").getStatus()).isEqualTo(Status.ABORTED);
        assertThat(told.get("listed").getThrowable().orElseThrow())
                .hasMessageContaining("a wait")
                .hasCause(FAILURE);
    }

    @Test
    void aListedTestThatPassesCountsAsFailed() {
        results.executionFinished(new Method("listed"), TestExecutionResult.successful());

        assertThat(told.get("listed").getStatus()).isEqualTo(Status.FAILED);
        assertThat(told.get("listed").getThrowable().orElseThrow())
                .hasMessageContaining("Sample#listed passes. Remove its line");
    }

    @Test
    void aTestOfReadAheadMayPassAndMayFail() {
        TestExecutionResult passed = TestExecutionResult.successful();

        results.executionFinished(new Method("chancy"), passed);
        assertThat(told).containsEntry("chancy", passed);

        results.executionFinished(new Method("chancy"), TestExecutionResult.failed(FAILURE));
        assertThat(told.get("chancy").getStatus()).isEqualTo(Status.ABORTED);
    }

    @Test
    void theResultOfAnyOtherTestIsLeftAlone() {
        TestExecutionResult failed = TestExecutionResult.failed(FAILURE);
        TestExecutionResult passed = TestExecutionResult.successful();

        results.executionFinished(new Method("failing"), failed);
        results.executionFinished(new Method("passing"), passed);

        assertThat(told).containsEntry("failing", failed).containsEntry("passing", passed);
    }

    /** Has the methods that the results are about. */
    private static final class Sample {
        void listed() {}

        void chancy() {}

        void failing() {}

        void passing() {}
    }

    private static final class Method extends AbstractTestDescriptor {
        Method(String name) {
            super(UniqueId.forEngine("engine").append("method", name), name, MethodSource.from(method(name)));
        }

        private static java.lang.reflect.Method method(String name) {
            try {
                return Sample.class.getDeclaredMethod(name);
            } catch (NoSuchMethodException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public Type getType() {
            return Type.TEST;
        }
    }
}
