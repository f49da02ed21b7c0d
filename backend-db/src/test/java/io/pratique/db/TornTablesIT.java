package io.pratique.db;

import java.sql.SQLException;

/** In PostgreSQL. */
class TornTablesIT extends TornTables {

    private final PostgresServer server = PostgresServer.shared();
    private final String schema = TestSchema.next();

    @Override
    JdbcFlagStore openStore() throws SQLException {
        server.execute("CREATE SCHEMA " + schema);
        return JdbcFlagStore.connect(
                server.url(), "postgres", null, JdbcSettings.defaults().schema(schema));
    }

    @Override
    FlagTables openTables() {
        return new FlagTables(server::connect, schema + ".");
    }
}
