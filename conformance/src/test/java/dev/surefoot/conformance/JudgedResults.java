package dev.surefoot.conformance;

import java.util.Optional;
import org.junit.platform.engine.EngineExecutionListener;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.FileEntry;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.opentest4j.TestAbortedException;

/** Tells another listener of the same tests, with the results that they have in view of what is expected to fail. */
final class JudgedResults implements EngineExecutionListener {
    private final EngineExecutionListener listener;
    private final ExpectedFailures expected;

    JudgedResults(EngineExecutionListener listener, ExpectedFailures expected) {
        this.listener = listener;
        this.expected = expected;
    }

    @Override
    public void dynamicTestRegistered(TestDescriptor descriptor) {
        listener.dynamicTestRegistered(descriptor);
    }

    @Override
    public void executionSkipped(TestDescriptor descriptor, String reason) {
        listener.executionSkipped(descriptor, reason);
    }

    @Override
    public void executionStarted(TestDescriptor descriptor) {
        listener.executionStarted(descriptor);
    }

    @Override
    public void executionFinished(TestDescriptor descriptor, TestExecutionResult result) {
        listener.executionFinished(
                descriptor,
                expectation(descriptor)
                        .map(expectation -> judge(expectation, result))
                        .orElse(result));
    }

    @Override
    public void reportingEntryPublished(TestDescriptor descriptor, ReportEntry entry) {
        listener.reportingEntryPublished(descriptor, entry);
    }

    @Override
    public void fileEntryPublished(TestDescriptor descriptor, FileEntry file) {
        listener.fileEntryPublished(descriptor, file);
    }

    private Optional<ExpectedFailure> expectation(TestDescriptor descriptor) {
        return descriptor
                .getSource()
                .filter(source -> descriptor.isTest())
                .filter(MethodSource.class::isInstance)
                .map(MethodSource.class::cast)
                .flatMap(method -> expected.of(method.getJavaClass().getSimpleName() + "#" + method.getMethodName()));
    }

    static TestExecutionResult judge(ExpectedFailure expectation, TestExecutionResult result) {
        return switch (result.getStatus()) {
            case FAILED ->
                TestExecutionResult.aborted(new TestAbortedException(
                        "expected to fail (" + expectation.reason() + "): " + expectation.detail(),
                        result.getThrowable().orElse(null)));
            case SUCCESSFUL -> expectation.reason().allowsToPass() ? result : passed(expectation);
            case ABORTED -> result;
        };
    }

    private static TestExecutionResult passed(ExpectedFailure expectation) {
        return TestExecutionResult.failed(new AssertionError(
                expectation.test() + " passes. Remove its line from expected-failures.txt, so that it stays so."));
    }
}
