package io.pratique.health;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Speaks HTTP by hand, so that each byte is the test's. */
final class Http {

    /** Long enough for any machine; what takes longer hangs. */
    private static final int GIVE_UP_MILLIS = 20_000;

    private Http() {}

    /** What came back before the connection was closed. */
    record Reply(String head, String body) {

        int status() {
            return Integer.parseInt(head.split(" ", 3)[1]);
        }

        String header(String name) {
            return head.lines()
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse("");
        }
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(loopback(port), GIVE_UP_MILLIS);
        socket.setSoTimeout(GIVE_UP_MILLIS);
        return socket;
    }

    static Reply get(int port, String path, String... headers) throws IOException {
        return send(port, "GET", path, headers);
    }

    static Reply send(int port, String method, String path, String... headers) throws IOException {
        String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return raw(port, method + " " + path + " HTTP/1.1\r\nHost: test\r\n" + more + "\r\n");
    }

    static Reply raw(int port, String request) throws IOException {
        try (Socket socket = connect(port)) {
            write(socket, request);
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int end = all.indexOf("\r\n\r\n");
            return new Reply(all.substring(0, end), all.substring(end + 4));
        }
    }

    static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }
}
