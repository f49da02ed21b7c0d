-- The lock of releases, one row each, and who waits for it. Times are the server's.
CREATE TABLE IF NOT EXISTS pratique_release_lock (
    name text PRIMARY KEY,
    token bigint NOT NULL DEFAULT 0,
    holder text NOT NULL DEFAULT '',
    reason text NOT NULL DEFAULT '',
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    held_until timestamptz
);

CREATE TABLE IF NOT EXISTS pratique_release_line (
    place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    ticket uuid NOT NULL UNIQUE,
    waits_until timestamptz NOT NULL
);

-- Who took the lock away from whom, and why.
CREATE TABLE IF NOT EXISTS pratique_release_lock_break (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    broken_by text NOT NULL,
    reason text NOT NULL,
    holder text NOT NULL,
    token bigint NOT NULL
);
