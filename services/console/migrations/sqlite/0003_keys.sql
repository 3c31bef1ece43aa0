-- Keys of the REST face. Each is an account of its own, which nobody signs in to; a row stays when it is revoked.

CREATE TABLE api_key (
    account_id   TEXT PRIMARY KEY REFERENCES account (id),
    token        BLOB NOT NULL,
    -- Codes of rights, a JSON list: of what the account's roles may, the key may these alone.
    scopes       TEXT NOT NULL,
    made_by      TEXT NOT NULL,
    made_at      INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    revoked_by   TEXT,
    revoked_at   INTEGER,
    last_used_at INTEGER
) STRICT;
CREATE UNIQUE INDEX api_key_by_token ON api_key (token);
