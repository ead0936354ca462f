-- +goose Up
create table records (
    name    text primary key collate "C",
    version bigint not null,
    writer  text not null,           -- of this version: random, to know it again
    text    bytea not null,          -- the record's file
    updated timestamptz not null,    -- of its last event
    line    bigint not null          -- its last one of the audit chain
);
create unique index records_line on records (line);

create table codes (
    code text not null collate "C",
    name text not null collate "C" references records,
    primary key (code, name)
);

create table audit (
    number bigint primary key,
    line   text not null
);

-- The last line of the audit chain, in one row: who writes locks it.
create table head (
    one    boolean primary key default true check (one),
    number bigint not null,
    digest text not null
);
insert into head (number, digest) values (0, repeat('0', 64));
