package dev.surefoot.net;

import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;

/** How a request ended, kept until the loop takes it. An immutable value. */
sealed interface Outcome {
    Request<?> request();

    void deliver(Transport.Outcomes outcomes);

    /** Releases the memory of an outcome that will not be taken. */
    void release();

    record Answered(Request<?> request, Answer answer) implements Outcome {
        @Override
        public void deliver(Transport.Outcomes outcomes) {
            outcomes.answered(request, answer);
        }

        @Override
        public void release() {
            answer.release();
        }
    }

    record Failed(Request<?> request, RequestFailure failure) implements Outcome {
        @Override
        public void deliver(Transport.Outcomes outcomes) {
            outcomes.failed(request, failure);
        }

        @Override
        public void release() {}
    }
}
