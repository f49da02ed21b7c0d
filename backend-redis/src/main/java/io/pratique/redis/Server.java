package io.pratique.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandInterruptedException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.pratique.flags.spi.FlagStoreException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** A server with the flags of one namespace: runs scripts there, and says in plain words what goes wrong. */
final class Server implements AutoCloseable {

    private final Access access;
    private final RedisSettings settings;
    private final SharedSession session;

    Server(Access access, RedisSettings settings) {
        this.access = access;
        this.settings = settings;
        this.session = new SharedSession(settings.name(), access, settings.timeout());
    }

    Access access() {
        return access;
    }

    RedisSettings settings() {
        return settings;
    }

    /**
     * Runs a script.
     *
     * @throws FlagStoreException if the server is out of reach or refuses
     * @throws InterruptedException if the thread is interrupted while it waits; with a cause if the server was asked
     * @throws IllegalStateException if this is closed
     */
    Reply run(Script script, List<String> arguments) throws InterruptedException {
        Session used = session();
        try {
            return new Reply(evaluate(used, script, arguments.toArray(String[]::new)));
        } catch (RedisCommandInterruptedException e) {
            boolean unused = Thread.interrupted(); // the exception says it now
            throw interrupted(e);
        } catch (RedisException | CancellationException failed) {
            if (isLost(failed)) {
                session.discard(used);
            }
            throw script == Script.WRITE
                    ? RedisFault.describeWrite(access.subject(), failed)
                    : RedisFault.describe(access.subject(), failed);
        }
    }

    private Session session() throws InterruptedException {
        try {
            return session.get();
        } catch (ExecutionException | TimeoutException e) {
            throw RedisFault.describe(access.subject(), e);
        }
    }

    /** Whether the connection is of no more use. A server that refuses is there; one that is a replica was the master. */
    private static boolean isLost(RuntimeException failed) {
        return !(failed instanceof RedisCommandExecutionException) || RedisFault.of(failed) == RedisFault.REPLICA;
    }

    private static InterruptedException interrupted(Throwable cause) {
        InterruptedException e = new InterruptedException("interrupted while Redis was asked");
        e.initCause(cause);
        return e;
    }

    private List<?> evaluate(Session used, Script script, String[] arguments) {
        String[] keys = script.keys(settings.namespace());
        try {
            return used.scripts().evalsha(script.digest(), ScriptOutputType.MULTI, keys, arguments);
        } catch (RedisNoScriptException unknown) {
            return used.scripts().eval(script.text(), ScriptOutputType.MULTI, keys, arguments);
        }
    }

    @Override
    public void close() {
        access.close();
        session.close();
    }
}
