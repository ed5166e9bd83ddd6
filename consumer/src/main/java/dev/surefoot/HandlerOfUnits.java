package dev.surefoot;

import dev.surefoot.core.delivery.UnreadableUnit;
import dev.surefoot.core.error.Thrown;
import dev.surefoot.core.records.BatchFault;
import dev.surefoot.runtime.UnitHandler;
import org.jspecify.annotations.Nullable;

/** Shows the application's handler what could not be read, in the types of the public interface. */
final class HandlerOfUnits implements UnitHandler {
    private final BadRecordHandler handler;

    HandlerOfUnits(BadRecordHandler handler) {
        this.handler = handler;
    }

    @Override
    public void handle(UnreadableUnit unit) throws Exception {
        handler.handle(new BadUnit(
                unit.partition(),
                unit.fromOffset(),
                unit.toOffset(),
                reason(unit.reason()),
                unit.timestamp(),
                unit.key(),
                unit.value(),
                unit.headers(),
                unit.batch(),
                facts(unit.fault()),
                unit.cause()));
    }

    private static BadUnit.Reason reason(UnreadableUnit.Reason reason) {
        return switch (reason) {
            case RECORD_UNDESERIALIZABLE -> BadUnit.Reason.RECORD_UNDESERIALIZABLE;
            case BATCH_CORRUPT -> BadUnit.Reason.BATCH_CORRUPT;
            case BATCH_UNDECOMPRESSABLE -> BadUnit.Reason.BATCH_UNDECOMPRESSABLE;
            case RECORD_TOO_LARGE -> BadUnit.Reason.RECORD_TOO_LARGE;
        };
    }

    private static BadUnit.@Nullable BatchFacts facts(@Nullable BatchFault fault) {
        return fault == null
                ? null
                : new BadUnit.BatchFacts(
                        fault.baseOffset(),
                        fault.lastOffset(),
                        fault.magic(),
                        fault.codecId(),
                        fault.checksumExpected(),
                        fault.checksumFound());
    }

    @Override
    public String name() {
        return handler.getClass().getName();
    }

    @Override
    public void close() {
        if (handler instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) { // is reported by who closes the consumer
                throw Thrown.asItIs(e);
            }
        }
    }
}
