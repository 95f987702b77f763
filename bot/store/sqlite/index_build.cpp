#include "bot/store/sqlite/index_build.hpp"

#include <sqlite3.h>

#include <charconv>

#include "bot/base/log.hpp"
#include "embedded/store_search_sql.hpp"

namespace broadsheet::store {
namespace {

constexpr std::int64_t kPapersPerStep = 200;  // some 50 ms: nobody else writes meanwhile
constexpr int kPagesPerStep = 200;            // some 15 ms
constexpr const char* kProgress = "store.indexed_from";
constexpr const char* kMergeDue = "store.merge_due";

}  // namespace

Status IndexBuild::load() {
  from_ = kAll;
  auto due = db_.number("SELECT count(*) FROM named_values WHERE name='store.merge_due'");
  if (!due) return due.error();
  merged_ = *due == 0;
  auto found = statements_.get("SELECT CAST(value AS TEXT) FROM named_values WHERE name=?");
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, kProgress);
  int code = s->step();
  if (code == SQLITE_DONE) return {};
  if (code != SQLITE_ROW) return db_.error(code);
  auto text = s->text(0);
  if (std::from_chars(text.data(), text.data() + text.size(), from_).ec != std::errc()) from_ = kNone;
  return {};
}

std::string IndexBuild::since() const {
  if (ready() || from_ == kNone) return {};
  constexpr std::int64_t kMonth = 1'000'000'000'000;  // see paper_key
  auto month = std::to_string(from_ / kMonth);
  return month.size() == 6 ? month.substr(0, 4) + "-" + month.substr(4) : month;
}

Result<bool> IndexBuild::exists() {
  auto there = db_.prepare("SELECT 1 FROM sqlite_master WHERE name='search' AND instr(?, sql) > 0");
  if (!there) return there.error();
  int code = there->bind(1, embedded::store_search_sql).step();
  if (code != SQLITE_ROW && code != SQLITE_DONE) return db_.error(code);
  return code == SQLITE_ROW;
}

// The first number of the "averages" record, a varint of SQLite.
Result<std::int64_t> IndexBuild::indexed(Db& db) {
  auto record = db.prepare("SELECT block FROM search_data WHERE id=1");
  if (!record) return record.error();
  int code = record->step();
  if (code == SQLITE_DONE) return 0;
  if (code != SQLITE_ROW) return db.error(code);
  std::int64_t count = 0;
  for (unsigned char byte : record->text(0)) {
    count = count << 7 | (byte & 0x7f);
    if (byte < 0x80) break;
  }
  return count;
}

Result<bool> IndexBuild::is_whole(Db& db) {
  auto papers = db.number("SELECT count(*) FROM papers");
  if (!papers) return papers.error();
  auto rows = indexed(db);
  if (!rows) return rows.error();
  return *papers == *rows;
}

Status IndexBuild::note(const char* name, const std::string& value) {
  auto found = statements_.get(value.empty() ? "DELETE FROM named_values WHERE name=?1"
                                             : "INSERT INTO named_values VALUES(?1, CAST(?2 AS BLOB)) "
                                               "ON CONFLICT(name) DO UPDATE SET value=excluded.value");
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, name);
  if (!value.empty()) s->bind(2, value);
  return db_.finish(s->step());
}

Status IndexBuild::remember(std::int64_t from) {
  return note(kProgress, from == kAll ? std::string() : std::to_string(from));
}

Status IndexBuild::merge_later() {
  merged_ = false;
  return note(kMergeDue, "1");
}

// FTS5: a negative number of pages means all pieces into one; a step that changed nothing but its own row was the last.
Status IndexBuild::merge_some() {
  if (merged_) return {};
  auto before = db_.total_changes();
  if (auto done = db_.run("INSERT INTO search(search, rank) VALUES('merge', " + std::to_string(-kPagesPerStep) + ")");
      !done)
    return done;
  merged_ = db_.total_changes() - before < 2;
  return merged_ ? note(kMergeDue, {}) : Status();
}

// An index too damaged to be dropped is struck from the schema; VACUUM then leaves its pages behind.
Status IndexBuild::remove() {
  auto gone = db_.run("DROP TABLE IF EXISTS search");
  if (gone || gone.error().kind() != ErrorKind::corrupt) return gone;
  log::warning("store.search_index_struck");
  auto struck = db_.run(
      "PRAGMA writable_schema=ON; DELETE FROM sqlite_master WHERE name='search' OR name GLOB 'search_*'; "
      "PRAGMA writable_schema=RESET");
  return struck ? db_.run("VACUUM") : struck;
}

Status IndexBuild::restart() {
  log::info("store.search_index_rebuilt");
  if (auto gone = remove(); !gone) return gone;
  Transaction tx(db_);
  if (auto begun = tx.begin(); !begun) return begun;
  if (auto made = db_.run(std::string(embedded::store_search_sql)); !made) return made;
  if (auto done = remember(kNone); !done) return done;
  if (auto done = tx.commit(); !done) return done;
  from_ = kNone;
  return {};
}

// Blocks go from new to old, so that what is asked for most is found first; inside a block keys rise, as FTS5 likes it.
Status IndexBuild::step() {
  if (ready()) return {};
  Transaction tx(db_);
  if (auto begun = tx.begin(); !begun) return begun;
  auto papers = papers_.select("WHERE p.key<?1 ORDER BY p.key DESC LIMIT ?2", {from_, kPapersPerStep});
  if (!papers) return papers.error();
  for (auto paper = papers->rbegin(); paper != papers->rend(); ++paper)
    if (auto done = papers_.index(*paper); !done) return done;
  auto until = papers->empty() ? kAll : paper_key(papers->back().id);
  if (auto done = remember(until); !done) return done;
  if (auto done = tx.commit(); !done) return done;
  from_ = until;
  return {};
}

}  // namespace broadsheet::store
