package io.pratique.examples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that an example starts, stops and starts again. They are below those from which Linux makes connections:
 * one of these could take the port of a server while it is down.
 */
public final class FreePort {

    private FreePort() {}

    /**
     * A port that nobody uses now.
     *
     * @return from 12,000 to 21,999
     */
    public static int next() {
        int port;
        do {
            port = ThreadLocalRandom.current().nextInt(12_000, 22_000);
        } while (!isFree(port));
        return port;
    }

    private static boolean isFree(int port) {
        try {
            new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
