package io.pratique.probes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A server that answers each request with the text that it is told, however wrong that is as HTTP. */
final class Wire implements AutoCloseable {

    /** For an answer that never comes. */
    static final String SILENCE = "silence";

    private final ServerSocket server;
    private final UnaryOperator<String> answers;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private Wire(UnaryOperator<String> answers) throws IOException {
        this.answers = answers;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    /** Answers by the first line of a request and its headers. */
    static Wire answering(UnaryOperator<String> answers) throws IOException {
        return new Wire(answers);
    }

    static Wire answering(String answer) throws IOException {
        return new Wire(request -> answer);
    }

    /** An answer as HTTP has it. */
    static String answer(String status, String body, String... headers) {
        StringBuilder answer = new StringBuilder("HTTP/1.1 " + status + "\r\nConnection: close\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n");
        for (String header : headers) {
            answer.append(header).append("\r\n");
        }
        return answer.append("\r\n").append(body).toString();
    }

    /** An address where nobody listens any more. */
    static URI deserted() throws IOException {
        try (Wire wire = answering("")) {
            return wire.uri();
        }
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** The requests so far, each with its headers. */
    List<String> requests() {
        return requests;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                open.add(socket);
                start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            String request = read(socket);
            requests.add(request);
            String answer = answers.apply(request);
            if (answer.equals(SILENCE)) {
                int unused = socket.getInputStream().read();
                return;
            }
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
        } catch (IOException gone) {
            // The client has given up.
        }
    }

    private static String read(Socket socket) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        StringBuilder request = new StringBuilder();
        int length = 0;
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            request.append(line).append('\n');
            if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).trim());
            }
        }
        for (int i = 0; i < length; i++) {
            request.append((char) in.read());
        }
        return request.toString();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "wire");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
