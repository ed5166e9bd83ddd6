/*
 * Reads a topic with librdkafka, as the JVM workers read it with theirs: for each line on standard input a new consumer reads
 * all partitions from the beginning, and one line of JSON says what that took. Configuration is librdkafka's default, but for
 * what must be the same for all clients.
 *
 * cc -O2 -o rdkafka_worker rdkafka_worker.c -lrdkafka
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define LOOK_EVERY 500
#define STALLED_AFTER_SECONDS 60

struct topic {
    const char *servers;
    const char *name;
    int partitions;
    int64_t records;
    int64_t bytes;
    int with_headers;
    const char *isolation;
};

/* How far a round has come; times count from its start. */
struct progress {
    const struct topic *topic;
    rd_kafka_t *consumer;
    double start;
    int64_t read;
    int64_t bytes;
    double first;
    double last;
    int64_t first_second;
};

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

static double cpu_seconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* "5" sets the high water mark of the resident set back to what it is now (proc(5)). */
static void reset_peak_memory(void) {
    FILE *file = fopen("/proc/self/clear_refs", "w");
    if (file) {
        fputs("5", file);
        fclose(file);
    }
}

static int64_t peak_memory_bytes(void) {
    char line[256];
    int64_t kilobytes = 0;
    FILE *file = fopen("/proc/self/status", "r");
    if (file) {
        while (fgets(line, sizeof line, file) && sscanf(line, "VmHWM: %" SCNd64, &kilobytes) != 1)
            ;
        fclose(file);
    }
    if (kilobytes == 0) {
        struct rusage usage;
        getrusage(RUSAGE_SELF, &usage);
        kilobytes = usage.ru_maxrss;
    }
    return kilobytes * 1024;
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value) {
    char error[512];
    if (rd_kafka_conf_set(conf, name, value, error, sizeof error) != RD_KAFKA_CONF_OK) {
        fprintf(stderr, "%s\n", error);
        exit(1);
    }
}

static rd_kafka_t *open_consumer(const struct topic *topic) {
    char error[512];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", topic->servers);
    set(conf, "isolation.level", topic->isolation);
    rd_kafka_t *consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, error, sizeof error);
    if (!consumer) {
        fprintf(stderr, "%s\n", error);
        exit(1);
    }
    return consumer;
}

/* Asks for the leaders first, as kcat does: left to itself, librdkafka takes half a second longer to find them. */
static void start_partitions(const struct progress *progress, rd_kafka_topic_t *handle, rd_kafka_queue_t *queue) {
    const struct topic *topic = progress->topic;
    const struct rd_kafka_metadata *metadata;
    rd_kafka_resp_err_t failed = rd_kafka_metadata(progress->consumer, 0, handle, &metadata, 10000);
    if (failed) {
        fprintf(stderr, "%s\n", rd_kafka_err2str(failed));
        exit(1);
    }
    rd_kafka_metadata_destroy(metadata);
    for (int i = 0; i < topic->partitions; i++)
        if (rd_kafka_consume_start_queue(handle, i, RD_KAFKA_OFFSET_BEGINNING, queue) == -1) {
            fprintf(stderr, "%s\n", rd_kafka_err2str(rd_kafka_last_error()));
            exit(1);
        }
}

static int64_t header_bytes(rd_kafka_message_t *message) {
    rd_kafka_headers_t *headers;
    const char *name;
    const void *value;
    size_t size;
    int64_t sum = 0;
    if (rd_kafka_message_headers(message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR)
        for (size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; i++)
            sum += size;
    return sum;
}

static void take(rd_kafka_message_t *message, void *opaque) {
    struct progress *progress = opaque;
    if (message->err) {
        fprintf(stderr, "%s\n", rd_kafka_message_errstr(message));
        return;
    }
    progress->read++;
    progress->bytes += message->len;
    if (progress->topic->with_headers)
        progress->bytes += header_bytes(message);
    /* A call may go on for as long as there are records, so it is ended now and then for a look at the clock. */
    if (progress->read % LOOK_EVERY == 0 || progress->read >= progress->topic->records)
        rd_kafka_yield(progress->consumer);
}

static void read_all(struct progress *progress, rd_kafka_queue_t *queue) {
    while (progress->read < progress->topic->records) {
        int64_t before = progress->read;
        rd_kafka_consume_callback_queue(queue, 100, take, progress);
        double now = seconds() - progress->start;
        if (progress->read > before) {
            if (before == 0)
                progress->first = now;
            if (now <= 1)
                progress->first_second = progress->read;
            progress->last = now;
        } else if (now - progress->last > STALLED_AFTER_SECONDS) {
            break;
        }
    }
}

static void print_result(const struct topic *topic, const struct progress *progress, double cpu, int64_t peak) {
    if (progress->read != topic->records || progress->bytes != topic->bytes)
        printf("{\"error\":\"delivered %" PRId64 " records of %" PRId64 ", %" PRId64 " bytes of %" PRId64 "\"}\n",
               progress->read, topic->records, progress->bytes, topic->bytes);
    else
        printf("{\"records\":%" PRId64 ",\"seconds\":%.9f,\"cpuSeconds\":%.6f,\"peakMemoryBytes\":%" PRId64
               ",\"firstRecordMillis\":%.3f,\"firstSecondRecords\":%" PRId64 "}\n",
               progress->read, progress->last, cpu, peak, progress->first * 1e3, progress->first_second);
    fflush(stdout);
}

static void run_round(const struct topic *topic) {
    struct progress progress = {.topic = topic};
    reset_peak_memory();
    double cpu = cpu_seconds();
    progress.start = seconds();
    progress.consumer = open_consumer(topic);
    rd_kafka_topic_t *handle = rd_kafka_topic_new(progress.consumer, topic->name, NULL);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(progress.consumer);
    start_partitions(&progress, handle, queue);
    read_all(&progress, queue);
    cpu = cpu_seconds() - cpu;
    print_result(topic, &progress, cpu, peak_memory_bytes());
    for (int i = 0; i < topic->partitions; i++)
        rd_kafka_consume_stop(handle, i);
    rd_kafka_queue_destroy(queue);
    rd_kafka_topic_destroy(handle);
    rd_kafka_destroy(progress.consumer);
}

int main(int argc, char **argv) {
    char line[256];
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        printf("%s\n", rd_kafka_version_str());
        return 0;
    }
    if (argc != 8) {
        fprintf(stderr, "usage: %s SERVERS TOPIC PARTITIONS RECORDS BYTES headers|no-headers ISOLATION\n", argv[0]);
        return 2;
    }
    struct topic topic = {argv[1],          argv[2], atoi(argv[3]), atoll(argv[4]), atoll(argv[5]),
                          strcmp(argv[6], "headers") == 0, argv[7]};
    printf("{\"records\":0,\"seconds\":0,\"cpuSeconds\":0,\"firstRecordMillis\":0,\"firstSecondRecords\":0}\n");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin))
        run_round(&topic);
    return 0;
}
