package dev.surefoot.testkit.simulation.check;

import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;

/** Sees what a client sends and what becomes of it, at the moments at which its loop hands it over or takes it. */
public interface WireWatch {
    /** Looks at nothing. */
    WireWatch NONE = new WireWatch() {
        @Override
        public void sent(Request<?> request) {}

        @Override
        public void answered(Request<?> request, Answer answer) {}

        @Override
        public void failed(Request<?> request, RequestFailure failure) {}
    };

    /** A request was handed to the wire. */
    void sent(Request<?> request);

    /** The loop is about to take this answer. */
    void answered(Request<?> request, Answer answer);

    /** The loop is about to hear that the request has failed. */
    void failed(Request<?> request, RequestFailure failure);
}
