-- Flags, each with its last change. A cleared flag stays as a row without a value, so that readers who fetch only what
-- has changed see that it went.
CREATE TABLE pratique_flag (
    flag_key   VARCHAR(256)             NOT NULL PRIMARY KEY,
    flag_value VARCHAR(16000),
    covered    VARCHAR(16000),
    expires_at TIMESTAMP WITH TIME ZONE,
    version    BIGINT                   NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_by VARCHAR(200)             NOT NULL,
    reason     VARCHAR(1000)            NOT NULL
);

CREATE INDEX pratique_flag_by_version ON pratique_flag (version);

-- Each change ever made. Rows are only added; the id tells this history from another one of the same length.
CREATE TABLE pratique_flag_history (
    version    BIGINT                   NOT NULL PRIMARY KEY,
    id         VARCHAR(36)              NOT NULL,
    flag_key   VARCHAR(256)             NOT NULL,
    flag_value VARCHAR(16000),
    covered    VARCHAR(16000),
    expires_at TIMESTAMP WITH TIME ZONE,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_by VARCHAR(200)             NOT NULL,
    reason     VARCHAR(1000)            NOT NULL
);

CREATE INDEX pratique_flag_history_by_key ON pratique_flag_history (flag_key, version);

-- Histories whose loss an operator has accepted.
CREATE TABLE pratique_flag_accepted (
    epoch       VARCHAR(100)             NOT NULL PRIMARY KEY,
    accepted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    accepted_by VARCHAR(200)             NOT NULL,
    reason      VARCHAR(1000)            NOT NULL
);

-- One row: who writes locks it first, so that the numbers of changes are in the order of commits. The newest row of
-- pratique_flag has the number sequence - missing; if it has another, tables were brought back apart from each other.
-- missing is 0, but for the time between an operator's acceptance of such flags and the next change.
CREATE TABLE pratique_flag_store (
    id             INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    schema_version INTEGER NOT NULL,
    epoch          VARCHAR(100),
    sequence       BIGINT  NOT NULL,
    missing        BIGINT  NOT NULL
);

INSERT INTO pratique_flag_store (id, schema_version, epoch, sequence, missing) VALUES (1, 1, NULL, 0, 0);
