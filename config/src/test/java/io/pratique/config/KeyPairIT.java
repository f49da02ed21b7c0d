package io.pratique.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a private key and its certificate. */
@Tag("C-1")
class KeyPairIT {

    @TempDir
    static Path directory;

    private static final char[] PASSWORD = "keystore".toCharArray();
    private static Pair rsa;
    private static Pair otherRsa;
    private static Pair ec;
    private static Pair ed25519;
    private static Pair pss;

    private record Pair(PrivateKey key, Certificate certificate) {}

    private final ConfigSchema schema = ConfigSchema.named("tls")
            .variable(ConfigVariable.file("SSL_KEY_PATH"))
            .variable(ConfigVariable.file("SSL_CERT_PATH"))
            .rule(ConfigRule.keyPair("SSL_KEY_PATH", "SSL_CERT_PATH"))
            .build();

    /** The JDK makes certificates with its command only. */
    @BeforeAll
    static void makePairs() throws Exception {
        rsa = pair("rsa", "RSA");
        otherRsa = pair("other", "RSA");
        ec = pair("ec", "EC");
        ed25519 = pair("ed", "Ed25519");
        pss = pair("pss", "RSASSA-PSS");
    }

    private static Pair pair(String alias, String algorithm) throws Exception {
        Path store = directory.resolve(alias + ".p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        alias,
                        "-keyalg",
                        algorithm,
                        "-dname",
                        "CN=test",
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
        return new Pair((PrivateKey) keys.getKey(alias, PASSWORD), keys.getCertificate(alias));
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label
                + "-----\n";
    }

    private static String key(Pair pair) throws Exception {
        return file("key.pem", pem("PRIVATE KEY", pair.key().getEncoded()));
    }

    private static String certificate(Pair pair) throws Exception {
        return file("cert.pem", pem("CERTIFICATE", pair.certificate().getEncoded()));
    }

    private static String file(String name, String content) throws Exception {
        return Files.writeString(directory.resolve(name), content).toString();
    }

    private List<String> problems(Map<String, String> values) {
        return schema.validate(ConfigValues.of("test", values)).problems().stream()
                .map(ConfigProblem::toString)
                .toList();
    }

    private List<String> problems(String key, String certificate) {
        return problems(Map.of("SSL_KEY_PATH", key, "SSL_CERT_PATH", certificate));
    }

    /** The JDK does not sign by it unless it is given parameters, and a program may. */
    @Test
    void ofAnAlgorithmThatWantsParametersAreNotRefused() throws Exception {
        assertThat(problems(key(pss), certificate(pss))).isEmpty();
    }

    @Test
    void areTakenTogetherOrNotAtAll() throws Exception {
        assertThat(problems(key(rsa), certificate(rsa))).isEmpty();
        assertThat(problems(Map.of())).isEmpty();
        assertThat(problems(Map.of("SSL_KEY_PATH", key(rsa))))
                .containsExactly("SSL_CERT_PATH: SSL_CERT_PATH is required when SSL_KEY_PATH is set");
        assertThat(problems(Map.of("SSL_CERT_PATH", certificate(rsa))))
                .containsExactly("SSL_KEY_PATH: SSL_KEY_PATH is required when SSL_CERT_PATH is set");
    }

    @Test
    void areOfAnyAlgorithmThatTlsHas() throws Exception {
        assertThat(problems(key(ec), certificate(ec))).isEmpty();
        assertThat(problems(key(ed25519), certificate(ed25519))).isEmpty();
    }

    @Test
    void belongTogether() throws Exception {
        for (Pair stranger : List.of(otherRsa, ec, ed25519)) {
            assertThat(problems(key(stranger), certificate(rsa)))
                    .containsExactly("SSL_CERT_PATH should be the certificate of the key in SSL_KEY_PATH");
            assertThat(problems(key(rsa), certificate(stranger))).hasSize(1);
        }
    }

    @Test
    void inAnOlderFormAreOfOneAlgorithm() throws Exception {
        String key = file("key.pem", pem("RSA PRIVATE KEY", new byte[] {0x30, 3, 2, 1, 0}));

        assertThat(problems(key, certificate(rsa))).isEmpty();
        assertThat(problems(key, certificate(ec))).hasSize(1);
    }

    @Test
    void areNotComparedWhereTheKeyIsEncrypted() throws Exception {
        assertThat(problems(
                        file("key.pem", pem("ENCRYPTED PRIVATE KEY", new byte[] {0x30, 3, 2, 1, 0})), certificate(ec)))
                .isEmpty();
    }

    /** As {@code openssl ecparam -genkey} writes it. */
    @Test
    void areFoundBehindOtherBlocks() throws Exception {
        String key = pem("EC PARAMETERS", new byte[] {6, 5, 43, -127, 4, 0, 10})
                + pem("EC PRIVATE KEY", new byte[] {0x30, 3, 2, 1, 1});
        String chain = "issued by us\n"
                + pem("CERTIFICATE", ec.certificate().getEncoded()).repeat(2);

        assertThat(problems(file("key.pem", key), file("chain.pem", chain))).isEmpty();
    }

    @Test
    void areNotTakenForEachOther() throws Exception {
        assertThat(problems(certificate(rsa), key(rsa)))
                .containsExactly(
                        "SSL_KEY_PATH: SSL_KEY_PATH must be the path of a private key in PEM format",
                        "SSL_CERT_PATH: SSL_CERT_PATH must be the path of a certificate in PEM format");
        assertThat(problems(
                        file("no.pem", "-----BEGIN PRIVATE KEY-----"),
                        file("no.crt", pem("CERTIFICATE", new byte[] {0x30, 3, 2, 1, 0}))))
                .hasSize(2);
    }

    /** Only keys in the older forms are encrypted so; of another block it came to an exception. */
    @Test
    void areNoOtherBlocksThatSayTheyAreEncrypted() throws Exception {
        String encrypted = "\nProc-Type: 4,ENCRYPTED\n\nAAAA\n";

        assertThat(problems(
                        file("key.pem", "-----BEGIN PRIVATE KEY-----" + encrypted + "-----END PRIVATE KEY-----"),
                        file("cert.pem", "-----BEGIN CERTIFICATE-----" + encrypted + "-----END CERTIFICATE-----")))
                .hasSize(2);
    }

    @Test
    void areMissedOrEmptyFirst() throws Exception {
        assertThat(problems(directory + "/none", file("empty", "")))
                .containsExactly(
                        "SSL_KEY_PATH: SSL_KEY_PATH must be the path of a file that can be read and is not empty",
                        "SSL_CERT_PATH: SSL_CERT_PATH must be the path of a file that can be read and is not empty");
    }
}
