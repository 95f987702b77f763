#include "bot/store/postgres/schema.hpp"

#include <array>

#include "embedded/store_postgres_sql.hpp"

namespace broadsheet::store::postgres {
namespace {

Error newer(int found) {
  return {ErrorKind::not_allowed, "The database was written by a newer broadsheet (schema " + std::to_string(found) +
                                      ", this program knows " + std::to_string(kSchemaVersion) +
                                      "). Update this program."};
}

Status can_use(Link& link) {
  if (link.server_version() < kOldestServer)
    return Error(ErrorKind::bad_input, "The server is PostgreSQL " + std::to_string(link.server_version() / 10000) +
                                           "; broadsheet needs " + std::to_string(kOldestServer / 10000) +
                                           " or newer.");
  auto encoding = link.run("SELECT current_setting('server_encoding')");
  if (!encoding) return encoding.error();
  if ((*encoding)[0].text(0) == "UTF8") return {};
  return Error(ErrorKind::bad_input, "The database has the encoding " + std::string((*encoding)[0].text(0)) +
                                         ". Create it anew with: ENCODING 'UTF8' TEMPLATE template0");
}

// A statement at a time: several in one would hide which of them failed. None of them holds a semicolon in a text.
Status run_all(Link& link, std::string_view script) {
  while (!script.empty()) {
    auto end = script.find(";\n");
    auto statement = script.substr(0, end);
    script.remove_prefix(end == std::string_view::npos ? script.size() : end + 2);
    if (auto done = link.run(std::string(statement)); !done) return done.error();
  }
  return {};
}

// The row stays locked until the end, so that there is one that migrates.
Status migrate_locked(Link& link) {
  if (auto usable = can_use(link); !usable) return usable;
  for (const char* sql : {"CREATE TABLE IF NOT EXISTS broadsheet_schema (one BIGINT PRIMARY KEY, version BIGINT NOT "
                          "NULL)",
                          "INSERT INTO broadsheet_schema VALUES (1, 0) ON CONFLICT DO NOTHING"})
    if (auto done = link.run(sql); !done) return done.error();
  auto known = link.run("SELECT version FROM broadsheet_schema WHERE one=1 FOR UPDATE");
  if (!known) return known.error();
  auto version = static_cast<int>((*known)[0].integer(0));
  if (version > kSchemaVersion) return newer(version);
  const std::array<std::string_view, kSchemaVersion> steps{embedded::store_postgres_sql};
  for (auto v = static_cast<std::size_t>(version); v < steps.size(); ++v)
    if (auto done = run_all(link, steps.at(v)); !done) return done.error().in("migration " + std::to_string(v + 1));
  auto done = link.run("UPDATE broadsheet_schema SET version=$1 WHERE one=1", {std::int64_t{kSchemaVersion}});
  return done ? Status() : done.error();
}

}  // namespace

Result<int> schema_version(Pool& pool) {
  auto there = pool.run("SELECT to_regclass('broadsheet_schema') IS NOT NULL");
  if (!there) return there.error();
  if ((*there)[0].text(0) != "t") return 0;
  auto version = pool.run("SELECT version FROM broadsheet_schema WHERE one=1");
  if (!version) return version.error();
  return version->empty() ? 0 : static_cast<int>((*version)[0].integer(0));
}

Status migrate(Pool& pool, bool allowed) {
  auto version = schema_version(pool);
  if (!version) return version.error();
  if (*version > kSchemaVersion) return newer(*version);
  if (*version == kSchemaVersion) return {};
  if (!allowed && *version > 0)
    return Error(ErrorKind::not_allowed, "The database has an older schema. Run `broadsheet migrate`, after a backup.");
  auto done = pool.together(migrate_locked);
  if (done || done.error().kind() != ErrorKind::internal) return done;
  // Another process made the first table at the same moment: that is an error of PostgreSQL's, and no reason to fail.
  return pool.together(migrate_locked);
}

}  // namespace broadsheet::store::postgres
