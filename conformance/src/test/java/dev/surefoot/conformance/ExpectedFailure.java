package dev.surefoot.conformance;

import java.util.Locale;

/**
 * A test that fails with Surefoot, and why.
 *
 * @param test the simple name of its class and its method: {@code Class#method}
 * @param reason what kind of reason it is
 * @param detail what the test asks for that it does not get
 */
record ExpectedFailure(String test, Reason reason, String detail) {

    /** Why a test may fail. */
    enum Reason {
        /** It asserts what no interface promises: internals of Kafka's own consumer. */
        INTERNALS,
        /**
         * It asserts that a poll ends where a fetch response of Kafka's own consumer ends. It passes if the next
         * response comes after the poll.
         */
        READ_AHEAD,
        /** It asserts which of two answers of brokers comes first. It passes if they come so with Surefoot too. */
        ORDER_OF_ANSWERS;

        /** As the list has it. */
        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** Whether a listed test may pass. */
        boolean allowsToPass() {
            return switch (this) {
                case INTERNALS -> false;
                case READ_AHEAD, ORDER_OF_ANSWERS -> true;
            };
        }
    }
}
