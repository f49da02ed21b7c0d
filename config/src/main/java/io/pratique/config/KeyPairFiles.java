package io.pratique.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Two files that are to hold a private key and its certificate.
 *
 * @param key names the file of the key
 * @param certificate names the file of the certificate
 */
record KeyPairFiles(String key, String certificate) {

    /**
     * Of an algorithm that the JDK does not know, or that wants parameters as RSASSA-PSS does, which need not mean that
     * the program does not.
     */
    private static final boolean CANNOT_TELL = true;

    private static final int LONGEST = 1 << 20;

    /** By the algorithm of a key, what it signs with. */
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    private static final byte[] ANY_TEXT = "any text".getBytes(StandardCharsets.US_ASCII);

    String words() {
        return key + " and " + certificate + " are set together, to a private key and its certificate";
    }

    /** All that is wrong with both. */
    List<ConfigProblem> problems(Path keyFile, Path certificateFile) {
        Optional<PemText> privateKey = first(keyFile, "PRIVATE KEY");
        Optional<PublicKey> certified = first(certificateFile, "CERTIFICATE").flatMap(KeyPairFiles::publicKey);
        List<ConfigProblem> problems = new ArrayList<>();
        if (privateKey.isEmpty()) {
            problems.add(ConfigProblem.of(key, "must be the path of a private key in PEM format"));
        }
        if (certified.isEmpty()) {
            problems.add(ConfigProblem.of(certificate, "must be the path of a certificate in PEM format"));
        }
        if (problems.isEmpty() && !belong(privateKey.orElseThrow(), certified.orElseThrow())) {
            problems.add(new ConfigProblem(
                    List.of(key, certificate), certificate + " should be the certificate of the key in " + key));
        }
        return problems;
    }

    private static Optional<PemText> first(Path file, String label) {
        try {
            return Files.size(file) > LONGEST
                    ? Optional.empty()
                    : PemText.firstOf(Files.readString(file, StandardCharsets.ISO_8859_1), label);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<PublicKey> publicKey(PemText certificate) {
        try {
            return Optional.of(CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(certificate.der()))
                    .getPublicKey());
        } catch (CertificateException e) {
            return Optional.empty();
        }
    }

    /** A key in PKCS #8 signs, and the certificate verifies. Of older forms the JDK reads no more than the label. */
    private static boolean belong(PemText key, PublicKey certified) {
        String algorithm = certified.getAlgorithm();
        if (!key.label().equals("PRIVATE KEY")) {
            return key.label().equals("ENCRYPTED PRIVATE KEY") || key.label().equals(algorithm + " PRIVATE KEY");
        }
        PrivateKey given;
        try {
            given = KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(key.der()));
        } catch (InvalidKeySpecException e) {
            return false;
        } catch (GeneralSecurityException e) {
            return CANNOT_TELL;
        }
        Signature signature;
        byte[] signed;
        try {
            signature = Signature.getInstance(SIGNATURES.getOrDefault(algorithm, algorithm));
            signature.initSign(given);
            signature.update(ANY_TEXT);
            signed = signature.sign();
            signature.initVerify(certified);
        } catch (GeneralSecurityException e) {
            return CANNOT_TELL;
        }
        try {
            signature.update(ANY_TEXT);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
