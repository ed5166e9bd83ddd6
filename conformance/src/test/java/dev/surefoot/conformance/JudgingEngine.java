package dev.surefoot.conformance;

import java.util.ServiceLoader;
import org.junit.platform.engine.EngineDiscoveryRequest;
import org.junit.platform.engine.ExecutionRequest;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestEngine;
import org.junit.platform.engine.UniqueId;

/**
 * JUnit Jupiter, whose results are judged before anybody hears of them: a failure that
 * {@link ExpectedFailures} lists counts as aborted, and a listed test that passes counts as failed.
 *
 * <p>An engine, because it alone sees what a test comes to in the end: the check for leaked threads, for one, fails
 * a test after all of its methods have returned.
 */
public final class JudgingEngine implements TestEngine {
    private final TestEngine jupiter = ServiceLoader.load(TestEngine.class).stream()
            .filter(engine -> engine.type() != JudgingEngine.class)
            .map(ServiceLoader.Provider::get)
            .filter(engine -> engine.getId().equals("junit-jupiter"))
            .findFirst()
            .orElseThrow();

    @Override
    public String getId() {
        return "surefoot-conformance";
    }

    @Override
    public TestDescriptor discover(EngineDiscoveryRequest request, UniqueId uniqueId) {
        return jupiter.discover(request, uniqueId);
    }

    @Override
    public void execute(ExecutionRequest request) {
        ExpectedFailures expected =
                switch (ConsumerUnderTest.chosen()) {
                    case SUREFOOT -> ExpectedFailures.read();
                    case KAFKA -> ExpectedFailures.NONE;
                };
        jupiter.execute(ExecutionRequest.create(
                request.getRootTestDescriptor(),
                new JudgedResults(request.getEngineExecutionListener(), expected),
                request.getConfigurationParameters(),
                request.getOutputDirectoryCreator(),
                request.getStore()));
    }
}
