package dev.surefoot.core.guard;

import dev.surefoot.core.fetch.PartitionRoute;

/**
 * Where the records of a partition come from at one look.
 *
 * @param route the broker that it is fetched from, or why it is not
 * @param askedId the broker that it is fetched from, else the one that has the answer; -1 if none is known
 * @param broker what is remembered of the broker that has named the partition last
 * @param holder the same of the broker whose session has the partition now
 */
record FetchSource(PartitionRoute route, int askedId, BrokerLedger broker, BrokerLedger holder) {}
