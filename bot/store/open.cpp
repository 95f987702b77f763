// Which engine keeps the store: the one place that knows them.
#include "bot/store/sqlite/sqlite_store.hpp"
#include "bot/store/store.hpp"

namespace broadsheet::store {
namespace {

Error no_engine(const std::string& url) {
  return {ErrorKind::bad_input, "storage.url \"" + url + "\" is not available; this version stores in \"sqlite\"."};
}

}  // namespace

Result<std::unique_ptr<Store>> open_store(const OpenOptions& options) {
  if (options.url == "sqlite") return open_sqlite(options);
  return no_engine(options.url);
}

Status restore_store(const std::string& backup_file, const OpenOptions& options, bool force) {
  if (options.url == "sqlite") return restore_sqlite(backup_file, options.data_dir, force);
  return no_engine(options.url);
}

}  // namespace broadsheet::store
