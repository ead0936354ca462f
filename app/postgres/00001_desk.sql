-- +goose Up
create table filings (
    id         text primary key collate "C",
    request    text not null,
    at         timestamptz not null,
    came_from  text not null, -- the address's digest; empty: not known, or settled
    visitors   text[] not null,
    confirmed  boolean not null default false,
    reason     text not null default '',
    decided_by text not null default '',
    decided_at timestamptz,
    settled    boolean not null default false,
    trouble    text not null default ''
);
create index filings_waiting on filings (at, id) where not settled;

create table people (
    name     text primary key collate "C",
    role     text not null,
    password text not null
);

create table sessions (
    digest   text primary key collate "C",
    person   text not null collate "C",
    password text not null, -- the digest of the person's
    ends     timestamptz not null
);
create index sessions_person on sessions (person);
create index sessions_ends on sessions (ends);

-- Visits need not outlive a crash of the database.
create unlogged table visits (
    kind  text collate "C",
    key   text collate "C",
    ends  timestamptz, -- of the window that they are counted in
    count integer not null,
    primary key (kind, key, ends)
);
create index visits_ends on visits (ends);

create table profiles (
    name text primary key collate "C",
    text text not null
);

-- To which destination the secret of a name belongs. The secrets are files of the instances.
create table secrets (
    name        text primary key collate "C",
    destination text not null
);

create table actions (
    number bigint generated always as identity primary key,
    at     timestamptz not null,
    by     text not null,
    what   text not null,
    about  text not null
);
