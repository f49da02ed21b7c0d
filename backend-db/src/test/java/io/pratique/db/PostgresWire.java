package io.pratique.db;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Stands between clients and a server, counts what the server sends them by kind of message, and may keep some of it. */
final class PostgresWire implements AutoCloseable {

    /** The first bytes of messages of the server's. */
    static final int ROW = 'D';

    static final int COMMAND_COMPLETE = 'C';
    private static final int NOTIFICATION = 'A';
    private static final int NOTHING = 0;

    private final int port;
    private final int kept;
    private final AtomicIntegerArray counts = new AtomicIntegerArray(256);
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    private PostgresWire(int port, int kept) throws IOException {
        this.port = port;
        this.kept = kept;
        start(() -> {
            while (true) {
                serve(listener.accept());
            }
        });
    }

    /** Passes everything on. */
    static PostgresWire to(PostgresServer server) throws IOException {
        return new PostgresWire(server.port(), NOTHING);
    }

    /**
     * As far as clients can tell, a proxy that gives them a connection for one transaction: all is answered, and what is
     * announced between transactions reaches nobody.
     */
    static PostgresWire withTransactionPooling(PostgresServer server) throws IOException {
        return new PostgresWire(server.port(), NOTIFICATION);
    }

    /** How many messages of one kind the server has sent. */
    int count(int type) {
        return counts.get(type);
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
                passOn(server, client);
            }
        });
    }

    private void passOn(Socket from, Socket to) throws IOException {
        DataInputStream in = new DataInputStream(from.getInputStream());
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(to.getOutputStream()));
        while (true) {
            int type = in.readUnsignedByte();
            int length = in.readInt();
            byte[] rest = in.readNBytes(length - Integer.BYTES);
            counts.incrementAndGet(type);
            if (type != kept) {
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
