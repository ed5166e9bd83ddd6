package dev.surefoot.testkit.museum;

import dev.surefoot.runtime.Seams;

/**
 * A known-bad session handler, put into the same seams of the same consumer as the real one.
 *
 * @param id the number of the failure in the catalogue
 * @param title what is wrong with it
 * @param source where the bug was reported
 * @param seams how a consumer is made with it
 */
public record Exhibit(String id, String title, String source, Seams seams) {

    /**
     * F1: session state is changed when a request is built; the request is then dropped because a metadata refresh is due, and
     * nobody takes the change back. kafka-python 2.1.3 stood still for ever at one offset.
     */
    public static final Exhibit F1 = new Exhibit(
            "F1",
            "state changed at planning, plan then dropped",
            "https://github.com/dpkp/kafka-python/issues/2575",
            new Seams(MetadataFirstTransport::new, verified -> nodeId -> new StateChangedAtPlanning()));
}
