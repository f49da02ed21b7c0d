package io.pratique.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pratique.flags.spi.FlagStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What reaches a reader by push: every kind of change, and all that was changed while there was no push. */
class PushContract extends StoreGroup {

    private static final int CUTS = 3;

    PushContract(FlagStoreContract contract) {
        super(contract);
    }

    @Test
    void everyKindOfChangeReachesEveryClient() throws Exception {
        FlagStore store = openStore();
        List<ClientView> clients = openPushedClients();

        store.set(KEY, "off", BY);
        awaitOff(clients, "after it was set");
        store.clear(KEY, BY);
        awaitOn(clients, "after it was cleared");
        store.set(KEY, "off", Duration.ofHours(1), BY);
        awaitOff(clients, "after it was killed for an hour");
        store.write(List.of(set(OTHER, "off"), set(KEY, "on")));
        awaitOn(clients, "after it was set with another");
    }

    /** More than once, since a client loads at some moment after its watch is open, announced or not. */
    @Test
    void changeWhilePushIsCutReachesEveryClient() throws Exception {
        FlagStore store = openStore();
        List<ClientView> clients = openPushedClients();
        for (int i = 0; i < CUTS; i++) {
            store.set(KEY, "off", BY);
            awaitOff(clients, "after change " + i);

            server().cutPush();
            store.set(KEY, "on", BY);
            server().mendPush();

            awaitOn(clients, "after change " + i + " while the push was cut");
        }
    }

    @Test
    void changesAfterACutReachEveryClient() throws Exception {
        FlagStore store = openStore();
        List<ClientView> clients = openPushedClients();
        for (int i = 0; i < CUTS; i++) {
            server().cutPush();
            server().mendPush();
            store.set(KEY, "off", BY);
            awaitOff(clients, "after cut " + i);
            store.set(KEY, "on", BY);
            awaitOn(clients, "after cut " + i);
        }
    }

    /** Whichever of them fall between two cuts, within one or beside one. */
    @Test
    void noChangeIsMissedWhilePushIsCutAgainAndAgain() throws Exception {
        FlagStore store = openStore();
        List<ClientView> clients = openPushedClients();

        Race.of(2, number -> {
            for (int i = 0; i < CUTS; i++) {
                if (number == 0) {
                    server().cutPush();
                    server().mendPush();
                } else {
                    store.set(KEY, "on", BY);
                    store.set("flag-" + i, "off", BY);
                    store.set(KEY, "off", BY);
                }
            }
            return number;
        });

        awaitOff(clients, "after changes beside cuts");
        for (ClientView client : clients) {
            for (int i = 0; i < CUTS; i++) {
                client.awaitOff("flag-" + i, "after changes beside cuts");
            }
        }
        store.set(KEY, "on", BY);
        awaitOn(clients, "after the cuts");
    }

    private List<ClientView> openPushedClients() throws Exception {
        assumeTrue(server().announcesChanges(), "the source announces nothing");
        List<ClientView> clients = List.of(openClient(), openClient());
        for (ClientView client : clients) {
            client.awaitPush();
            assertTrue(client.isEnabled(KEY), "an absent flag");
        }
        return clients;
    }

    private static void awaitOff(List<ClientView> clients, String what) throws InterruptedException {
        for (ClientView client : clients) {
            client.awaitOff(KEY, what);
        }
    }

    private static void awaitOn(List<ClientView> clients, String what) throws InterruptedException {
        for (ClientView client : clients) {
            client.awaitOn(KEY, what);
        }
    }
}
