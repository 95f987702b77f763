// SQLite in RAII: a connection, prepared statements, a transaction; errors as values with a sentence that says what to
// do. A statement belongs to its connection and is used under the store's mutex only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bot/base/result.hpp"
#include "bot/store/row.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace broadsheet::store {

// What is bound to a statement, from its first parameter on; must live until the statement is reset.
using Values = std::vector<std::variant<std::int64_t, std::string>>;

class Statement final : public Row {
 public:
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  Statement(Statement&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  Statement& bind(int index, std::int64_t value);
  Statement& bind(int index, std::string_view value);  // must live until reset
  Statement& bind_null(int index);
  Statement& bind(const Values& values);
  template <class T>
  Statement& bind(int index, const std::optional<T>& value) {
    return value ? bind(index, *value) : bind_null(index);
  }
  // SQLITE_ROW, SQLITE_DONE or an error code.
  int step();
  void reset();
  bool is_null(int column) const override;
  std::int64_t integer(int column) const override;
  double real(int column) const;
  std::string_view text(int column) const override;  // valid until the next step

 private:
  sqlite3_stmt* statement_;
};

// Resets the statement when its use ends, so that no read transaction stays open.
class Use {
 public:
  explicit Use(Statement& statement) : statement_(statement) {}
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;
  ~Use() { statement_.reset(); }
  Statement* operator->() { return &statement_; }
  Statement& operator*() { return statement_; }

 private:
  Statement& statement_;
};

// "… is damaged (what). Restore a backup …"
Error damaged(const std::string& database, std::string_view what);

class Db {
 public:
  enum class Mode : std::uint8_t { memory, create, read_only };
  static Result<Db> open(const std::string& file, Mode mode);
  Db() = default;
  Db(Db&& other) noexcept : db_(std::exchange(other.db_, nullptr)), name_(std::move(other.name_)) {}
  Db& operator=(Db&& other) noexcept {
    std::swap(db_, other.db_);
    std::swap(name_, other.name_);
    return *this;
  }
  ~Db();

  Status run(const std::string& sql);
  Result<Statement> prepare(std::string_view sql);
  Result<std::int64_t> number(std::string_view sql);
  // The error of a step that gave neither a row nor the end.
  Error error(int code) const;
  // Done is fine, anything else is an error.
  Status finish(int code) const;
  int changes() const;
  std::int64_t total_changes() const;  // since the connection was opened
  sqlite3* raw() const { return db_; }
  const std::string& name() const { return name_; }

 private:
  sqlite3* db_ = nullptr;
  std::string name_;
};

// Rolled back unless committed. Inside another one it is a part of that one (a savepoint).
class Transaction {
 public:
  explicit Transaction(Db& db) : db_(db) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  Status begin();
  Status commit();

 private:
  Db& db_;
  bool open_ = false;
  bool nested_ = false;
};

}  // namespace broadsheet::store
