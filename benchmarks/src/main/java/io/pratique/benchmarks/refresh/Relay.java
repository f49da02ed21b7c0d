package io.pratique.benchmarks.refresh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/** Passes everything on to a server, and counts the bytes that come back. */
final class Relay implements AutoCloseable {

    private final int target;
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicLong sentBack = new AtomicLong();

    Relay(int target) throws IOException {
        this.target = target;
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** The bytes of the server's answers on all connections so far. */
    long sentBack() {
        return sentBack.get();
    }

    /** What a relay may do on a thread of its own; it fails when a connection ends. */
    @FunctionalInterface
    private interface Task {

        void run() throws IOException;
    }

    private static void start(Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException ended) {
                        // So is what this thread was for.
                    }
                },
                "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            AtomicLong nobodyAsks = new AtomicLong();
            start(() -> pass(client, server, nobodyAsks));
            start(() -> pass(server, client, sentBack));
        }
    }

    /** Counts before it passes on: who has the answer finds it counted. */
    private static void pass(Socket from, Socket to, AtomicLong count) throws IOException {
        byte[] piece = new byte[1 << 16];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                count.addAndGet(length);
                out.write(piece, 0, length);
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
