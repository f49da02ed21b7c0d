package io.pratique.probes;

/** A third party that a probe asks with. All are optional, so each factory looks first whether its own is there. */
enum Library {
    KAFKA("org.apache.kafka:kafka-clients", "org.apache.kafka.clients.admin.Admin"),
    LETTUCE("io.lettuce:lettuce-core", "io.lettuce.core.RedisClient"),
    S3("software.amazon.awssdk:s3", "software.amazon.awssdk.services.s3.S3Client"),
    SECRETS_MANAGER(
            "software.amazon.awssdk:secretsmanager",
            "software.amazon.awssdk.services.secretsmanager.SecretsManagerClient");

    private final String artifact;
    private final String type;

    Library(String artifact, String type) {
        this.artifact = artifact;
        this.type = type;
    }

    /**
     * Refuses to build a probe that could not ask.
     *
     * @throws IllegalStateException if the library is not there
     */
    void requireFor(String probe) {
        try {
            Class.forName(type, false, Library.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError absent) {
            throw new IllegalStateException(
                    probe + " needs " + artifact + ", which is not on the class path; add that dependency", absent);
        }
    }
}
