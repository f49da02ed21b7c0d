package io.pratique.redis;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/** Speaks TLS on one side and plain text on the other, for the embedded server knows no TLS. */
final class TlsProxy implements AutoCloseable {

    private static final String PASSWORD = "changeit";

    private final SSLServerSocket listener;
    private final int target;
    private final Path certificate;

    private TlsProxy(SSLServerSocket listener, int target, Path certificate) {
        this.listener = listener;
        this.target = target;
        this.certificate = certificate;
    }

    /** Starts with a certificate for 127.0.0.1 that nobody knows, and that is left in a file. */
    static TlsProxy to(int port, Path directory) throws Exception {
        Path store = directory.resolve("keys.p12");
        Path certificate = directory.resolve("ca.pem");
        keytool(
                "-genkeypair -alias redis -keyalg EC -dname CN=redis -ext san=ip:127.0.0.1 -validity 2 -storetype PKCS12",
                store);
        keytool("-exportcert -rfc -alias redis -file " + certificate, store);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        SSLServerSocket listener = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        TlsProxy proxy = new TlsProxy(listener, port, certificate);
        start(proxy::accept);
        return proxy;
    }

    private static void keytool(String arguments, Path store) throws IOException {
        Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        String line = tool + " " + arguments + " -keystore " + store + " -storepass " + PASSWORD;
        Process process = new ProcessBuilder(line.split(" ", -1))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(said);
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    Path certificate() {
        return certificate;
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "tls-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                start(() -> pump(client, server));
                start(() -> pump(server, client));
            } catch (IOException closing) {
                // Looks again whether it is to go on.
            }
        }
    }

    private static void pump(Socket from, Socket to) {
        try (from;
                to) {
            byte[] piece = new byte[8192];
            for (int length = from.getInputStream().read(piece);
                    length >= 0;
                    length = from.getInputStream().read(piece)) {
                to.getOutputStream().write(piece, 0, length);
            }
        } catch (IOException broken) {
            // Both ends learn of it.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
