package io.pratique.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that a test starts, stops and starts again. They are below those from which Linux makes connections: one
 * of these could take the port of a server while it is down.
 */
public final class FreePort {

    private FreePort() {}

    /**
     * A port that nobody uses now, nor the one ten thousand further on, which a node of Redis Cluster uses, too.
     *
     * @return from 12,000 to 21,999
     */
    public static int next() {
        int port;
        do {
            port = ThreadLocalRandom.current().nextInt(12_000, 22_000);
        } while (!isFree(port) || !isFree(port + 10_000));
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
