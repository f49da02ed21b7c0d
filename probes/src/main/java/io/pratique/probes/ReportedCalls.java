package io.pratique.probes;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A connection, or a statement of one, whose executions are reported. A proxy, for the four interfaces have some 400
 * methods, of which a dozen matter; what it costs is not seen beside a round trip.
 */
final class ReportedCalls implements InvocationHandler {

    private final Object target;
    private final @Nullable Object connection;
    private final ReportingDataSource reporter;

    private ReportedCalls(Object target, @Nullable Object connection, ReportingDataSource reporter) {
        this.target = target;
        this.connection = connection;
        this.reporter = reporter;
    }

    /** Wraps a connection; a data source that gives null instead of one remains as it is. */
    static Connection of(Connection connection, ReportingDataSource reporter) {
        return connection == null ? connection : proxy(Connection.class, connection, null, reporter);
    }

    private static <T> T proxy(Class<T> type, T target, @Nullable Object connection, ReportingDataSource reporter) {
        return type.cast(Proxy.newProxyInstance(
                ReportedCalls.class.getClassLoader(),
                new Class<?>[] {type},
                new ReportedCalls(Objects.requireNonNull(target), connection, reporter)));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        String name = method.getName();
        if (method.getDeclaringClass() == Object.class && !name.equals("toString")) {
            return name.equals("equals")
                    ? arguments != null && proxy == arguments[0]
                    : (Object) System.identityHashCode(proxy);
        }
        boolean real = name.startsWith("execute") || name.equals("commit");
        try {
            Object result = method.invoke(target, arguments);
            if (real) {
                reporter.succeeded();
            }
            return connection == null ? statement(proxy, result) : ownConnection(result);
        } catch (InvocationTargetException e) {
            Throwable thrown = Objects.requireNonNull(e.getCause());
            if (real) {
                reporter.failed(thrown);
            }
            throw thrown;
        }
    }

    /** What a connection returns: statements are wrapped too. */
    private @Nullable Object statement(Object proxy, @Nullable Object result) {
        if (result instanceof CallableStatement callable) {
            return proxy(CallableStatement.class, callable, proxy, reporter);
        }
        if (result instanceof PreparedStatement prepared) {
            return proxy(PreparedStatement.class, prepared, proxy, reporter);
        }
        return result instanceof Statement plain ? proxy(Statement.class, plain, proxy, reporter) : result;
    }

    /** What a statement returns: its connection is the wrapped one. */
    private @Nullable Object ownConnection(@Nullable Object result) {
        return result instanceof Connection ? connection : result;
    }
}
