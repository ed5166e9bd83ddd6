package dev.surefoot.cli.doctor;

import java.util.Optional;

/** One branch of the decision tree. */
@FunctionalInterface
interface Rule {

    /** Returns what it finds; empty if it does not apply, so that the next rule is asked. */
    Optional<Finding> judge(PartitionCase partition);
}
