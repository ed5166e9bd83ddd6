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

#define BATCH 1000
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
    char error[512], group[64];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    snprintf(group, sizeof group, "bench-%d-%ld", (int) getpid(), (long) time(NULL));
    set(conf, "bootstrap.servers", topic->servers);
    set(conf, "group.id", group);
    set(conf, "enable.auto.commit", "false");
    set(conf, "auto.offset.reset", "earliest");
    set(conf, "isolation.level", topic->isolation);
    rd_kafka_t *consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, error, sizeof error);
    if (!consumer) {
        fprintf(stderr, "%s\n", error);
        exit(1);
    }
    rd_kafka_topic_partition_list_t *partitions = rd_kafka_topic_partition_list_new(topic->partitions);
    for (int i = 0; i < topic->partitions; i++)
        rd_kafka_topic_partition_list_add(partitions, topic->name, i)->offset = RD_KAFKA_OFFSET_BEGINNING;
    rd_kafka_resp_err_t failed = rd_kafka_assign(consumer, partitions);
    rd_kafka_topic_partition_list_destroy(partitions);
    if (failed) {
        fprintf(stderr, "%s\n", rd_kafka_err2str(failed));
        exit(1);
    }
    return consumer;
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

static void run_round(const struct topic *topic) {
    static rd_kafka_message_t *messages[BATCH];
    int64_t read = 0, bytes = 0, first_second = 0;
    double first = 0, last = 0;

    reset_peak_memory();
    double cpu = cpu_seconds();
    double start = seconds();
    rd_kafka_t *consumer = open_consumer(topic);
    rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(consumer);
    while (read < topic->records) {
        ssize_t count = rd_kafka_consume_batch_queue(queue, 100, messages, BATCH);
        int64_t before = read;
        for (ssize_t i = 0; i < count; i++) {
            if (messages[i]->err) {
                fprintf(stderr, "%s\n", rd_kafka_message_errstr(messages[i]));
            } else {
                read++;
                bytes += messages[i]->len;
                if (topic->with_headers)
                    bytes += header_bytes(messages[i]);
            }
            rd_kafka_message_destroy(messages[i]);
        }
        double now = seconds() - start;
        if (read > before) {
            if (before == 0)
                first = now;
            if (now <= 1)
                first_second = read;
            last = now;
        } else if (now - last > STALLED_AFTER_SECONDS) {
            break;
        }
    }
    cpu = cpu_seconds() - cpu;
    int64_t peak = peak_memory_bytes();
    if (read != topic->records || bytes != topic->bytes)
        printf("{\"error\":\"delivered %" PRId64 " records of %" PRId64 ", %" PRId64 " bytes of %" PRId64 "\"}\n",
               read, topic->records, bytes, topic->bytes);
    else
        printf("{\"records\":%" PRId64 ",\"seconds\":%.9f,\"cpuSeconds\":%.6f,\"allocatedBytes\":null,\"gcMillis\":null,"
               "\"peakMemoryBytes\":%" PRId64 ",\"firstRecordMillis\":%.3f,\"firstSecondRecords\":%" PRId64 "}\n",
               read, last, cpu, peak, first * 1e3, first_second);
    fflush(stdout);
    rd_kafka_queue_destroy(queue);
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
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
