// The tables of an SQLite store, for moving it.
#include <sqlite3.h>

#include "bot/base/text.hpp"
#include "bot/store/sqlite/open.hpp"
#include "bot/store/transfer_sides.hpp"

namespace broadsheet::store {
namespace {

using Kind = TransferTable::Column::Kind;

std::string names_of(const TransferTable& table, std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back(table.columns.at(i).name);
  return text::join(names, ", ");
}

std::string marks(const TransferTable& table, std::size_t count) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i)
    out.emplace_back(table.columns.at(i).kind == Kind::number  ? "CAST(? AS INTEGER)"
                     : table.columns.at(i).kind == Kind::bytes ? "CAST(? AS BLOB)"
                                                               : "?");
  return text::join(out, ", ");
}

void bind(Statement& statement, const TransferRow& row, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    auto place = static_cast<int>(i + 1);
    if (row.at(i))
      statement.bind(place, std::string_view(*row.at(i)));
    else
      statement.bind_null(place);
  }
}

class SqliteSide final : public TransferSide {
 public:
  SqliteSide(FolderLock lock, Db db) : lock_(std::move(lock)), db_(std::move(db)) {}

  Result<std::vector<TransferRow>> read(const TransferTable& table, const TransferRow& after,
                                        std::size_t limit) override {
    auto width = table.columns.size();
    auto statement = db_.prepare(
        "SELECT " + names_of(table, width) + " FROM " + table.name + " WHERE " + table.only +
        (after.empty() ? std::string()
                       : " AND (" + names_of(table, table.keys) + ") > (" + marks(table, table.keys) + ")") +
        " ORDER BY " + names_of(table, table.keys) + " LIMIT " + std::to_string(limit));
    if (!statement) return statement.error();
    if (!after.empty()) bind(*statement, after, table.keys);
    std::vector<TransferRow> out;
    int code = statement->step();
    for (; code == SQLITE_ROW; code = statement->step()) {
      auto& row = out.emplace_back(width);
      for (std::size_t i = 0; i < width; ++i)
        if (auto column = static_cast<int>(i); !statement->is_null(column))
          row.at(i) = std::string(statement->text(column));
    }
    if (code != SQLITE_DONE) return db_.error(code);
    return out;
  }

  Status write(const TransferTable& table, const std::vector<TransferRow>& rows) override {
    Transaction tx(db_);
    if (auto begun = tx.begin(); !begun) return begun;
    auto width = table.columns.size();
    auto statement = db_.prepare("INSERT INTO " + table.name + "(" + names_of(table, width) + ") VALUES(" +
                                 marks(table, width) + ") ON CONFLICT DO NOTHING");
    if (!statement) return statement.error();
    for (const auto& row : rows) {
      Use use(*statement);
      bind(*statement, row, width);
      if (auto done = db_.finish(statement->step()); !done) return done;
    }
    return tx.commit();
  }

  Status finish() override {
    return db_.run(
        "INSERT OR REPLACE INTO workers SELECT DISTINCT platform, owner, 0 FROM outbox WHERE owner IS NOT NULL AND "
        "ended IS NULL");
  }

 private:
  FolderLock lock_;
  Db db_;
};

}  // namespace

Result<std::unique_ptr<TransferSide>> sqlite_side(const OpenOptions& options) {
  auto lock = FolderLock::take(options.data_dir);
  if (!lock) return lock.error();
  auto db = Db::open(database_file(options.data_dir), Db::Mode::create);
  if (!db) return db.error();
  return std::unique_ptr<TransferSide>(std::make_unique<SqliteSide>(*std::move(lock), *std::move(db)));
}

}  // namespace broadsheet::store
