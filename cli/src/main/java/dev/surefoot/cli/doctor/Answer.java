package dev.surefoot.cli.doctor;

import java.util.Optional;

/**
 * What the cluster has said to one question.
 *
 * @param value the answer, if there is one
 * @param failure why there is none
 */
record Answer<T>(Optional<T> value, Optional<Throwable> failure) {

    static <T> Answer<T> of(T value) {
        return new Answer<>(Optional.of(value), Optional.empty());
    }

    static <T> Answer<T> failed(Throwable failure) {
        return new Answer<>(Optional.empty(), Optional.of(failure));
    }

    /** Returns whether the question failed for this reason. */
    boolean isFailedBy(Class<? extends Throwable> reason) {
        return failure.filter(reason::isInstance).isPresent();
    }

    /** Returns whether the question failed for this reason, or because this reason did not go away in time. */
    boolean isFailedOverTimeBy(Class<? extends Throwable> reason) {
        Throwable each = failure.orElse(null);
        while (each != null) {
            if (reason.isInstance(each)) {
                return true;
            }
            each = each.getCause();
        }
        return false;
    }
}
