/** One probe for each kind of dependency. What a probe asks with is optional: add the library of those that you use. */
@SuppressWarnings("requires-transitive-automatic") // the clients have module names, but no module-info
module io.pratique.probes {
    requires transitive io.pratique.core;
    requires static transitive org.jspecify;
    requires transitive java.sql;
    requires java.net.http;
    requires jdk.management;
    requires static transitive kafka.clients;
    requires static transitive lettuce.core;
    requires static transitive software.amazon.awssdk.services.s3;
    requires static transitive software.amazon.awssdk.services.secretsmanager;
    requires static software.amazon.awssdk.awscore;
    requires static software.amazon.awssdk.core;
    requires static software.amazon.awssdk.http;
    requires static software.amazon.awssdk.retries;

    exports io.pratique.probes;
}
