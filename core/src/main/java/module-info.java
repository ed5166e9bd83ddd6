/**
 * Everything that decides, for {@code dev.surefoot} alone.
 *
 * <p>The codecs are those that kafka-clients brings. It is an automatic module, which takes in every other automatic
 * one, but nobody would take in that of zstd, which has a description of its own.
 */
@SuppressWarnings("module") // dev.surefoot is compiled later
module dev.surefoot.core {
    requires com.github.luben.zstd_jni;
    requires transitive kafka.clients;
    requires static org.jspecify;
    requires static org.lz4.java;
    requires static snappy.java;

    exports dev.surefoot.core.cluster to
            dev.surefoot;
    exports dev.surefoot.core.delivery to
            dev.surefoot;
    exports dev.surefoot.core.engine to
            dev.surefoot;
    exports dev.surefoot.core.error to
            dev.surefoot;
    exports dev.surefoot.core.exchange to
            dev.surefoot;
    exports dev.surefoot.core.fetch to
            dev.surefoot;
    exports dev.surefoot.core.group to
            dev.surefoot;
    exports dev.surefoot.core.guard to
            dev.surefoot;
    exports dev.surefoot.core.handover to
            dev.surefoot;
    exports dev.surefoot.core.position to
            dev.surefoot;
    exports dev.surefoot.core.records to
            dev.surefoot;
    exports dev.surefoot.core.session to
            dev.surefoot;
    exports dev.surefoot.core.time to
            dev.surefoot;
    exports dev.surefoot.progress;
}
