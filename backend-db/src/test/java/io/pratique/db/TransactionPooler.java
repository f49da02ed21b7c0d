package io.pratique.db;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * As far as clients can tell, a proxy that gives them a connection for one transaction: all is answered, and what is
 * announced between transactions reaches nobody.
 */
final class TransactionPooler implements AutoCloseable {

    /** The first byte of a message that announces. */
    private static final int NOTIFICATION = 'A';

    private final int port;
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    TransactionPooler(int port) throws IOException {
        this.port = port;
        start(() -> {
            while (true) {
                serve(listener.accept());
            }
        });
    }

    String url() {
        return PostgresServer.url(listener.getLocalPort()) + "?sslmode=disable&gssEncMode=disable";
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void start(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException closed) {
                // One side has gone.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(Socket client) throws IOException {
        Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
        start(() -> {
            try (client;
                    server) {
                client.getInputStream().transferTo(server.getOutputStream());
            }
        });
        start(() -> {
            try (client;
                    server) {
                passOnAllButAnnouncements(server, client);
            }
        });
    }

    private static void passOnAllButAnnouncements(Socket from, Socket to) throws IOException {
        DataInputStream in = new DataInputStream(from.getInputStream());
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(to.getOutputStream()));
        while (true) {
            int type = in.readUnsignedByte();
            int length = in.readInt();
            byte[] rest = in.readNBytes(length - Integer.BYTES);
            if (type != NOTIFICATION) {
                out.writeByte(type);
                out.writeInt(length);
                out.write(rest);
                out.flush();
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
