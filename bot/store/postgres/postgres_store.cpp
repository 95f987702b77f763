#include "bot/store/postgres/postgres_store.hpp"

namespace broadsheet::store::postgres {

Error use_the_servers_tools(const std::string& what) {
  return {ErrorKind::not_allowed, "This store is kept by a PostgreSQL server: " + what};
}

Status Care::backup(const std::string& /*file*/) {
  return use_the_servers_tools("back it up with the server's own tools, for example `pg_dump --format=custom`.");
}

Status Care::check() {
  auto version = postgres::schema_version(pool_);
  if (!version) return version.error();
  auto papers = pool_.run("SELECT count(*) FROM papers");
  return papers ? Status() : papers.error();
}

bool Care::suspect() {
  auto index = follower_.index();
  return index && (*index)->upkeep().suspect();
}

Status Care::check_quick(const std::stop_token& stop) {
  auto index = follower_.index();
  return index ? (*index)->upkeep().check_quick(stop) : index.error();
}

Result<Upkeep::Progress> Care::step() {
  auto standing = follower_.catch_up(Follower::Pace::some);
  if (!standing) return standing.error();
  auto index = follower_.index();
  if (!index) return index.error();
  if (!standing->complete()) return Progress{.finished = false};
  return (*index)->upkeep().step();
}

Status Care::optimise() {
  auto standing = follower_.catch_up(Follower::Pace::all);
  if (!standing) return standing.error();
  auto index = follower_.index();
  if (!index) return index.error();
  return (*index)->upkeep().optimise();
}

Status PostgresStore::start(const OpenOptions& options) {
  if (options.read_only) {
    auto version = postgres::schema_version(pool_);
    if (!version) return version.error();
    if (*version == 0)
      return Error(
          ErrorKind::not_found,
          "Nothing is stored in the database yet. `broadsheet import FILE` or `broadsheet serve` brings papers "
          "in.");
  }
  if (auto ready = migrate(pool_, options.auto_migrate && !options.read_only); !ready) return ready;
  if (!options.repair_later) return {};
  // Who serves has it open from the start: nobody waits for it later.
  auto index = follower_.index();
  return index ? Status() : index.error();
}

Status PostgresStore::transact(const std::function<Status(Repositories&)>& work) {
  std::optional<Within> session;
  auto done = pool_.together(
      [&](Link& link) -> Status {
        session.emplace(link, pool_);
        Parts parts(*session, revision_);
        return work(parts);
      },
      false);
  if (done) session->committed();
  return done;
}

Result<std::unique_ptr<Store>> open_postgres(const OpenOptions& options) {
  auto store = std::make_unique<PostgresStore>(options);
  if (auto begun = store->start(options); !begun) return begun.error();
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace broadsheet::store::postgres
