package dev.surefoot.testkit.simulation.world;

import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.testkit.simulation.check.Violation;

/** The memory that fetched answers occupy, checked against its bound. */
final class HeldMemory {
    private final WireFaults faults;
    private long bytes;
    private long most;

    /** @param most {@code surefoot.buffer.bytes} */
    HeldMemory(long most, WireFaults faults) {
        this.most = most;
        this.faults = faults;
    }

    long bytes() {
        return bytes;
    }

    /**
     * Copies the answer into memory that counts as held. Granted bytes are within the bound; a larger first batch is
     * accepted all the same (KIP-74) and extends the bound.
     */
    FetchAnswer hold(FetchAnswer answer, int granted) {
        int size = Fetched.bytesOf(answer);
        int beyond = Math.max(0, size - granted);
        bytes += size;
        most += beyond;
        if (bytes > most && !faults.haveAddedBytes()) {
            throw new Violation(
                    "M1",
                    bytes + " bytes are held after an answer with "
                            + answer.partitions().size() + " partitions, which is more than " + most);
        }
        return Fetched.hold(answer, released -> {
            bytes -= released;
            most -= beyond;
        });
    }
}
