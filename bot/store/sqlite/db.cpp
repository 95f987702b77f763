#include "bot/store/sqlite/db.hpp"

#include <sqlite3.h>

#include <utility>

#include "bot/store/sqlite/tokenizer.hpp"

namespace broadsheet::store {

Statement::~Statement() {
  sqlite3_finalize(statement_);
}
Statement& Statement::bind(int index, std::int64_t value) {
  sqlite3_bind_int64(statement_, index, value);
  return *this;
}
Statement& Statement::bind(int index, std::string_view value) {
  sqlite3_bind_text64(statement_, index, value.data() == nullptr ? "" : value.data(), value.size(), SQLITE_STATIC,
                      SQLITE_UTF8);
  return *this;
}
Statement& Statement::bind_null(int index) {
  sqlite3_bind_null(statement_, index);
  return *this;
}
Statement& Statement::bind(const Values& values) {
  int index = 0;
  for (const auto& value : values) std::visit([&](const auto& v) { bind(++index, v); }, value);
  return *this;
}
int Statement::step() {
  return sqlite3_step(statement_);
}
void Statement::reset() {
  sqlite3_reset(statement_);
}
bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}
std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}
double Statement::real(int column) const {
  return sqlite3_column_double(statement_, column);
}
std::string_view Statement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return text == nullptr ? std::string_view()
                         : std::string_view(text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

Result<Db> Db::open(const std::string& file, Mode mode) {
  Db db;
  db.name_ = file;
  int flags = SQLITE_OPEN_NOMUTEX |
              (mode == Mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  int code = sqlite3_open_v2(mode == Mode::memory ? ":memory:" : file.c_str(), &db.db_, flags, nullptr);
  if (code != SQLITE_OK) return db.error(code);
  sqlite3_extended_result_codes(db.db_, 1);
  sqlite3_busy_timeout(db.db_, 5000);
  // reliability 1, "SQLite version is a promise too": no mmap, FULL, distrust of the file.
  std::string settings =
      "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0;"
      "PRAGMA cache_size=-12288; PRAGMA temp_store=MEMORY;";
  if (mode == Mode::create)
    settings += "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864;";
  if (auto set = db.run(settings); !set) return set.error();
  if (auto added = add_tokenizer(db.db_); !added) return added.error();
  return db;
}

Db::~Db() {
  sqlite3_close_v2(db_);
}

Error damaged(const std::string& database, std::string_view what) {
  // An integrity check begins with a line that names the database.
  if (auto line = what.find("***\n"); line != std::string_view::npos) what.remove_prefix(line + 4);
  return {ErrorKind::corrupt, database + ": the database is damaged (" + std::string(what) +
                                  "). Restore a backup: broadsheet restore --force FILE"};
}

Error Db::error(int code) const {
  std::string detail = db_ != nullptr ? sqlite3_errmsg(db_) : sqlite3_errstr(code);
  switch (code & 0xff) {
    case SQLITE_FULL:
      return {ErrorKind::no_space, name_ + ": the disk is full. Free some space; nothing stored is lost."};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorKind::busy, name_ + ": another program is using the database. Try again in a moment."};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return damaged(name_, detail);
    case SQLITE_READONLY:
      return {ErrorKind::not_allowed,
              name_ +
                  ": the database may not be written, and reading it needs that too. Check the owner and rights of "
                  "its folder."};
    case SQLITE_CANTOPEN:
      return {ErrorKind::not_allowed,
              name_ + ": cannot be opened. Check that its folder exists and may be read and written."};
    case SQLITE_INTERRUPT:
      return {ErrorKind::transient, "The search took too long and was stopped. Use more or rarer words."};
    case SQLITE_IOERR:
      return {ErrorKind::unavailable, name_ + ": the disk reports an error (" + detail + "). Check the disk."};
    default:
      return {ErrorKind::internal, name_ + ": " + detail};
  }
}

Status Db::finish(int code) const {
  return code == SQLITE_DONE || code == SQLITE_ROW || code == SQLITE_OK ? Status() : Status(error(code));
}

Status Db::run(const std::string& sql) {
  return finish(sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr));
}

Result<Statement> Db::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  int code =
      sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return error(code);
  return Statement(statement);
}

Result<std::int64_t> Db::number(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) return statement.error();
  int code = statement->step();
  if (code != SQLITE_ROW) return error(code);
  return statement->integer(0);
}

int Db::changes() const {
  return sqlite3_changes(db_);
}

std::int64_t Db::total_changes() const {
  return sqlite3_total_changes64(db_);
}

Status Transaction::begin() {
  nested_ = sqlite3_get_autocommit(db_.raw()) == 0;
  auto begun = db_.run(nested_ ? "SAVEPOINT part" : "BEGIN IMMEDIATE");
  open_ = begun.has_value();
  return begun;
}
Status Transaction::commit() {
  auto done = db_.run(nested_ ? "RELEASE part" : "COMMIT");
  if (done) open_ = false;
  return done;
}
Transaction::~Transaction() {
  // A full disk may have rolled back already; then there is nothing to undo.
  if (open_ && sqlite3_get_autocommit(db_.raw()) == 0)
    (void)sqlite3_exec(db_.raw(), nested_ ? "ROLLBACK TO part; RELEASE part" : "ROLLBACK", nullptr, nullptr, nullptr);
}

}  // namespace broadsheet::store
