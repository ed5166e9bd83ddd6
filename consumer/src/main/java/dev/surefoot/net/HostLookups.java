package dev.surefoot.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Resolves host names on threads of its own. A name service may take many seconds to answer, and the loop's thread
 * serves all brokers meanwhile. A host is looked up once at a time, however many connections wait for it. Owned by the
 * loop's thread.
 */
final class HostLookups implements AutoCloseable {
    /** Resolves a host name; the system's resolver except in tests. Called on any thread. */
    interface Resolver {
        Resolver SYSTEM = host -> List.of(InetAddress.getAllByName(host));

        List<InetAddress> resolve(String host) throws UnknownHostException;
    }

    /**
     * How a lookup ended.
     *
     * @param addresses none if it failed
     * @param failure why it failed, else null
     */
    record Answer(
            String host,
            List<InetAddress> addresses,
            @Nullable Throwable failure) {}

    /** Further lookups wait: a name service that is so slow does not become faster by more questions. */
    static final int THREADS_MAX = 8;

    private static final int IDLE_THREAD_SECONDS = 10;

    /** For how long a thread that has nothing to do but to end is waited for: it needs a processor for that. */
    private static final int IDLE_END_MS = 1_000;

    private final Resolver resolver;
    private final Runnable wakeup;
    private final ThreadPoolExecutor threads;
    private final Set<Thread> started = ConcurrentHashMap.newKeySet();
    private final Set<String> running = new HashSet<>();
    private final ArrayDeque<String> waiting = new ArrayDeque<>();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();

    /**
     * Starts no thread yet.
     *
     * @param threadName the name of its threads
     * @param wakeup called on any thread when an answer can be taken
     */
    HostLookups(Resolver resolver, String threadName, Runnable wakeup) {
        this.resolver = resolver;
        this.wakeup = wakeup;
        // The loop bounds the number of threads: it starts no lookup beyond the bound.
        this.threads = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_THREAD_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, threadName);
                    thread.setDaemon(true);
                    started.removeIf(each -> each.getState() == Thread.State.TERMINATED);
                    started.add(thread);
                    return thread;
                });
    }

    /** Looks the host up, unless a lookup of it is under way. */
    void start(String host) {
        if (running.contains(host) || waiting.contains(host)) {
            return;
        }
        if (running.size() < THREADS_MAX) {
            run(host);
        } else {
            waiting.add(host);
        }
    }

    private void run(String host) {
        running.add(host);
        try {
            threads.execute(() -> answer(lookUp(host)));
        } catch (OutOfMemoryError e) { // the system has no thread left
            answer(new Answer(host, List.of(), e));
        }
    }

    private Answer lookUp(String host) {
        try {
            List<InetAddress> addresses = resolver.resolve(host);
            return addresses.isEmpty()
                    ? new Answer(host, addresses, new UnknownHostException(host + ": the resolver knows no address"))
                    : new Answer(host, addresses, null);
        } catch (UnknownHostException | RuntimeException | Error e) {
            return new Answer(host, List.of(), e);
        }
    }

    private void answer(Answer answer) {
        answers.add(answer);
        if (!threads.isShutdown()) {
            wakeup.run();
        }
    }

    /** Hands over every answer that has come since the last call, and starts lookups that have waited for a thread. */
    void takeAnswers(Consumer<Answer> taker) {
        for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
            running.remove(answer.host());
            taker.accept(answer);
        }
        while (running.size() < THREADS_MAX && !waiting.isEmpty()) {
            run(waiting.remove());
        }
    }

    /**
     * Ends the threads. Idle ones have ended when this returns. One that is within the resolver ends when that returns,
     * and nobody waits for it.
     */
    @Override
    public void close() {
        waiting.clear();
        threads.shutdownNow();
        answers.clear();
        if (threads.getActiveCount() == 0) {
            awaitIdleThreads();
        }
    }

    private void awaitIdleThreads() {
        try {
            for (Thread thread : started) {
                thread.join(IDLE_END_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
