/** Flags in a table of PostgreSQL, or of any other database that is polled. */
@SuppressWarnings("opens") // a package of SQL files and no classes
module io.pratique.db {
    requires transitive io.pratique.core;
    requires transitive java.sql;
    requires static transitive org.jspecify;
    requires com.zaxxer.hikari;
    requires static org.checkerframework.checker.qual; // in the driver's class files
    requires org.postgresql.jdbc;
    requires org.slf4j;

    exports io.pratique.db;

    // Migration tools look for the SQL files from outside.
    opens db.pratique;
}
