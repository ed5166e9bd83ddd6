package dev.surefoot.wire;

import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * One API of the protocol: its versions, how its requests are written and its answers read. {@link BrokerApis} has a
 * line for each. Has no state.
 *
 * @param <R> its requests
 * @param <A> its answers
 */
interface BrokerApi<R extends Request<A>, A extends Answer> {
    ApiKeys key();

    /**
     * The version to use with one broker.
     *
     * @throws UnsupportedVersionException if the two sides have no version in common that can say this
     */
    short version(R request, NegotiatedVersions versions);

    /**
     * The body of a request.
     *
     * @throws UnsupportedVersionException if this version cannot say it
     */
    RequestBody body(R request, WireSettings settings, short version);

    /**
     * Reads an answer; one that points into the response's memory takes its lease over. A {@link RuntimeException} says
     * that the bytes are no such answer.
     */
    A read(Response response);
}
