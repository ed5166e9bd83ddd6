package dev.surefoot.bench.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rounds of all clients with one workload.
 *
 * @param clients in the order in which they were measured first
 */
public record WorkloadSummary(String workload, List<ClientSummary> clients) {

    /** Summarises the rounds of a run, workloads and clients in the order of their first rounds. */
    public static List<WorkloadSummary> of(Collection<RoundFigures> rounds) {
        Map<String, Map<String, List<RoundFigures>>> byWorkload = new LinkedHashMap<>();
        for (RoundFigures round : rounds) {
            byWorkload
                    .computeIfAbsent(round.workload(), name -> new LinkedHashMap<>())
                    .computeIfAbsent(round.client(), name -> new ArrayList<>())
                    .add(round);
        }
        List<WorkloadSummary> summaries = new ArrayList<>();
        byWorkload.forEach((workload, byClient) -> {
            List<ClientSummary> clients = new ArrayList<>();
            byClient.forEach((client, all) -> clients.add(new ClientSummary(
                    workload,
                    client,
                    all.stream().filter(RoundFigures::cold).findFirst(),
                    all.stream().filter(round -> !round.cold()).toList())));
            summaries.add(new WorkloadSummary(workload, clients));
        });
        return summaries;
    }

    /** Returns the client with this label, if it was measured. */
    public Optional<ClientSummary> client(String label) {
        return clients.stream().filter(each -> each.client().equals(label)).findFirst();
    }
}
