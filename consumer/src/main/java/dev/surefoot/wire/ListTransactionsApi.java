package dev.surefoot.wire;

import dev.surefoot.core.engine.TransactionExchange.ListTransactionsRequest;
import dev.surefoot.core.engine.TransactionExchange.ListTransactionsResponse;
import dev.surefoot.core.error.BrokerError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** ListTransactions. */
final class ListTransactionsApi implements BrokerApi<ListTransactionsRequest, ListTransactionsResponse> {
    @Override
    public ApiKeys key() {
        return ApiKeys.LIST_TRANSACTIONS;
    }

    @Override
    public short version(ListTransactionsRequest request, NegotiatedVersions versions) {
        return versions.highest(ApiKeys.LIST_TRANSACTIONS);
    }

    @Override
    public RequestBody body(ListTransactionsRequest request, WireSettings settings, short version) {
        return RequestBody.of(
                new ListTransactionsRequestData().setProducerIdFilters(new ArrayList<>(request.producerIds())),
                version);
    }

    @Override
    public ListTransactionsResponse read(ListTransactionsRequest request, Response response) {
        ListTransactionsResponseData data = new ListTransactionsResponseData(response.readable(), response.version());
        Map<Long, String> known = new LinkedHashMap<>();
        data.transactionStates().forEach(each -> known.put(each.producerId(), each.transactionalId()));
        return new ListTransactionsResponse(data.throttleTimeMs(), BrokerError.forCode(data.errorCode()), known);
    }
}
