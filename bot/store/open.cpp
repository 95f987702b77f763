// Which engine keeps the store: the one place that knows them.
#include "bot/store/engines.hpp"
#include "bot/store/postgres/postgres_store.hpp"
#include "bot/store/sqlite/sqlite_store.hpp"
#include "bot/store/store.hpp"

namespace broadsheet::store {
namespace {

// The address may hold a password: it is not repeated.
Error no_engine() {
  return {ErrorKind::bad_input, "storage.url names no engine; write \"sqlite\" or postgresql://USER@HOST/DATABASE."};
}

}  // namespace

bool is_shared(const std::string& url) {
  return url.starts_with("postgresql://") || url.starts_with("postgres://");
}

Result<std::unique_ptr<Store>> open_store(const OpenOptions& options) {
  if (options.url == "sqlite") return open_sqlite(options);
  if (is_shared(options.url)) return postgres::open_postgres(options);
  return no_engine();
}

Status restore_store(const std::string& backup_file, const OpenOptions& options, bool force) {
  if (options.url == "sqlite") return restore_sqlite(backup_file, options.data_dir, force);
  if (is_shared(options.url))
    return postgres::use_the_servers_tools("restore it with the server's own tools, for example `pg_restore`.");
  return no_engine();
}

}  // namespace broadsheet::store
