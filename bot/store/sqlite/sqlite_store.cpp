#include "bot/store/sqlite/sqlite_store.hpp"

#include <sqlite3.h>

#include <filesystem>

#include "bot/base/log.hpp"
#include "bot/base/text.hpp"

namespace broadsheet::store {
namespace {

constexpr std::size_t kBatch = 2000;
constexpr std::size_t kLargestValue = 64 * 1024;
constexpr const char* kUncleanMark = "store.open";  // there while a writer is at work

}  // namespace

SqliteStore::SqliteStore(Db db, FolderLock lock, Manner manner)
    : lock_(std::move(lock)), db_(std::move(db)), manner_(manner) {}

SqliteStore::~SqliteStore() {
  if (marked_ && !damaged_) (void)db_.run("DELETE FROM named_values WHERE name='store.open'");
}

Status SqliteStore::start() {
  auto marked = value(kUncleanMark);
  if (!marked) return marked.error();
  unclean_ = marked->has_value();
  std::lock_guard guard(mutex_);
  if (auto attached = search_.attach(); !attached) return attached;
  if (auto known = words_.load(); !known) return known;
  if (!manner_.writes) return index_.load();
  if (unclean_) log::warning("store.unclean_start", {{"database", db_.name()}});
  if (auto ready = open_index(unclean_); !ready) return ready;
  auto done = db_.run("INSERT INTO named_values VALUES('store.open', x'31') ON CONFLICT DO NOTHING");
  marked_ = done.has_value();
  return done;
}

Result<PutCounts> SqliteStore::put_batch(const Paper* begin, const Paper* end) {
  std::lock_guard guard(mutex_);
  PutCounts counts;
  Transaction tx(db_);
  if (auto begun = tx.begin(); !begun) return begun.error();
  for (const auto* p = begin; p != end; ++p) {
    auto put = papers_.put(*p);
    if (!put) return put.error();
    ++(*put == PutResult::added ? counts.added : *put == PutResult::updated ? counts.updated : counts.unchanged);
  }
  if (auto done = tx.commit(); !done) return done.error();
  if (counts.added + counts.updated > 0) ++revision_;
  words_.written(counts.added);
  return counts;
}

Result<PutCounts> SqliteStore::put_papers(const std::vector<Paper>& papers) {
  PutCounts total;
  for (std::size_t i = 0; i < papers.size(); i += kBatch) {
    const auto *begin = papers.data() + i, *end = papers.data() + std::min(papers.size(), i + kBatch);
    auto counts = put_batch(begin, end);
    if (!counts && counts.error().kind() == ErrorKind::corrupt) {
      std::unique_lock guard(mutex_);
      if (auto healed = heal_index(); !healed) return healed.error();
      guard.unlock();
      counts = put_batch(begin, end);
    }
    if (!counts) return counts.error();
    total.added += counts->added, total.updated += counts->updated, total.unchanged += counts->unchanged;
  }
  return total;
}

Result<std::optional<Paper>> SqliteStore::paper(const PaperId& id) {
  std::lock_guard guard(mutex_);
  return papers_.by_id(id);
}

Result<std::vector<Paper>> SqliteStore::papers(const std::vector<PaperId>& ids) {
  std::vector<Paper> out;
  for (const auto& id : ids) {
    auto found = paper(id);
    if (!found) return found.error();
    if (*found) out.push_back(std::move(**found));
  }
  return out;
}

Result<std::vector<StoredVersion>> SqliteStore::versions(const PaperId& id) {
  std::lock_guard guard(mutex_);
  auto found = statements_.get(
      "SELECT version, updated, withdrawn FROM paper_versions WHERE key=?1 AND version NOT IN "
      "(SELECT version FROM papers WHERE key=?1) UNION ALL SELECT version, updated, withdrawn FROM papers WHERE key=?1 "
      "ORDER BY 1");
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, paper_key(id));
  std::vector<StoredVersion> out;
  int code = s->step();
  for (; code == SQLITE_ROW; code = s->step()) {
    StoredVersion v{.version = static_cast<int>(s->integer(0)), .withdrawn = s->integer(2) != 0};
    if (!s->is_null(1)) v.updated = Moment(std::chrono::milliseconds(s->integer(1)));
    out.push_back(v);
  }
  if (code != SQLITE_DONE) return db_.error(code);
  return out;
}

Result<std::size_t> SqliteStore::paper_count() {
  std::lock_guard guard(mutex_);
  auto n = db_.number("SELECT count(*) FROM papers");
  if (!n) return n.error();
  return static_cast<std::size_t>(*n);
}

Status SqliteStore::each_paper(const std::function<bool(const Paper&)>& visit) {
  for (std::int64_t after = -1;;) {
    std::unique_lock guard(mutex_);
    auto batch = papers_.select("WHERE p.key>? ORDER BY p.key LIMIT 500", {after});
    guard.unlock();
    if (!batch) return batch.error();
    if (batch->empty()) return {};
    for (const auto& p : *batch)
      if (!visit(p)) return {};
    after = paper_key(batch->back().id);
  }
}

Result<std::vector<Paper>> SqliteStore::papers_listed(Day day, const std::optional<Category>& category) {
  std::lock_guard guard(mutex_);
  auto found = papers_.select("WHERE p.listed=? ORDER BY p.key", {day.time_since_epoch().count()});
  if (found && category) std::erase_if(*found, [&](const Paper& p) { return !matches(p.categories, *category); });
  return found;
}

Result<SearchAnswer> SqliteStore::search(const SearchRequest& request) {
  std::lock_guard guard(mutex_);
  auto answer = search_.search(request);
  if (!answer && answer.error().kind() == ErrorKind::corrupt && manner_.writes) {
    if (auto healed = heal_index(); !healed) return healed.error();
    answer = search_.search(request);
  }
  if (answer && !index_.ready() && !parse_paper_reference(text::trim(request.query))) {
    auto since = index_.since();
    answer->complete = false;
    answer->note = "The search index is being built: " +
                   (since.empty() ? "nothing can be found yet." : "papers since " + since + " can be found already.");
  }
  return answer;
}

Result<std::vector<Store::SimilarHit>> SqliteStore::similar(const PaperId& id, std::size_t limit) {
  std::lock_guard guard(mutex_);
  auto paper = papers_.by_id(id);
  if (!paper) return paper.error();
  if (!*paper) return Error(ErrorKind::not_found, id.str() + " is not stored here.");
  return search_.similar(**paper, limit);
}

Status SqliteStore::put_value(std::string_view name, std::string_view value) {
  if (value.size() > kLargestValue) return Error(ErrorKind::bad_input, "A stored value may have at most 64 KiB.");
  std::lock_guard guard(mutex_);
  auto found = statements_.get(
      "INSERT INTO named_values VALUES(?, CAST(? AS BLOB)) ON CONFLICT(name) DO UPDATE SET value=excluded.value");
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, name).bind(2, value);
  return db_.finish(s->step());
}

Result<std::optional<std::string>> SqliteStore::value(std::string_view name) {
  std::lock_guard guard(mutex_);
  auto found = statements_.get("SELECT value FROM named_values WHERE name=?");
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, name);
  int code = s->step();
  if (code == SQLITE_ROW) return std::optional<std::string>(std::string(s->text(0)));
  if (code != SQLITE_DONE) return db_.error(code);
  return std::optional<std::string>();
}

Status SqliteStore::check() {
  std::lock_guard guard(mutex_);
  auto statement = db_.prepare("PRAGMA integrity_check(1)");
  if (!statement) return statement.error();
  int code = statement->step();
  if (code != SQLITE_ROW) return db_.error(code);
  if (statement->text(0) != "ok") return damaged(db_.name(), statement->text(0));
  return manner_.writes ? db_.run("INSERT INTO search(search, rank) VALUES('integrity-check', 1)") : Status();
}

Status SqliteStore::optimise() {
  std::lock_guard guard(mutex_);
  if (auto done = index_.merge_later(); !done) return done;
  for (words_.learn_anew(); !words_.learned();)
    if (auto done = words_.learn(); !done) return done;
  return db_.run("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)");
}

namespace {

Error nothing_stored(const std::string& folder) {
  return {ErrorKind::not_found,
          folder + ": nothing is stored here yet. `broadsheet import FILE` or `broadsheet serve` brings papers in."};
}

Result<std::unique_ptr<Store>> started(Db db, FolderLock lock, SqliteStore::Manner manner) {
  auto store = std::make_unique<SqliteStore>(std::move(db), std::move(lock), manner);
  if (auto begun = store->start(); !begun) return begun.error();
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(const OpenOptions& options) {
  FolderLock lock;
  if (!options.read_only) {
    std::error_code ec;
    std::filesystem::create_directories(options.data_dir, ec);
    auto taken = FolderLock::take(options.data_dir);
    if (!taken) return taken.error();
    lock = *std::move(taken);
  }
  if (options.read_only && !std::filesystem::exists(database_file(options.data_dir)))
    return nothing_stored(options.data_dir);
  auto db = Db::open(database_file(options.data_dir), options.read_only ? Db::Mode::read_only : Db::Mode::create);
  if (!db) return db.error();
  if (options.read_only)
    if (auto version = db->number("PRAGMA user_version"); version && *version == 0)
      return nothing_stored(options.data_dir);
  if (auto done = migrate(*db, options.auto_migrate && !options.read_only); !done) return done.error();
  return started(*std::move(db), std::move(lock), {.writes = !options.read_only, .repair_later = options.repair_later});
}

Result<std::unique_ptr<Store>> open_memory() {
  auto db = Db::open("memory", Db::Mode::memory);
  if (!db) return db.error();
  if (auto done = migrate(*db, true); !done) return done.error();
  return started(*std::move(db), FolderLock(), {});
}

}  // namespace broadsheet::store
