package dev.surefoot.wire;

import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * One API of the protocol: its versions, how its requests are written and its answers read. {@link BrokerApis} has a
 * line for each. Stateless, safe from any thread.
 *
 * @param <R> its requests
 * @param <A> its answers
 */
interface BrokerApi<R extends Request<A>, A extends Answer> {
    ApiKeys key();

    /**
     * Returns the version to use with one broker.
     *
     * @throws UnsupportedVersionException if no version that both sides know can express the request
     */
    short version(R request, NegotiatedVersions versions);

    /**
     * Returns the body of a request.
     *
     * @throws UnsupportedVersionException if this version cannot express the request
     */
    RequestBody body(R request, WireSettings settings, short version);

    /**
     * Reads the answer to a request. An answer that points into the response's memory takes over its lease. A
     * {@link RuntimeException} means that the bytes are no such answer.
     */
    A read(R request, Response response);
}
