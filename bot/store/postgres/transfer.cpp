// The tables of a PostgreSQL store, for moving it.
#include "bot/base/text.hpp"
#include "bot/store/postgres/pool.hpp"
#include "bot/store/transfer_sides.hpp"

namespace broadsheet::store {
namespace {

using Kind = TransferTable::Column::Kind;
using namespace postgres;

std::string names_of(const TransferTable& table, std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back(table.columns.at(i).name);
  return text::join(names, ", ");
}

std::string type_of(Kind kind) {
  return kind == Kind::number ? "bigint" : kind == Kind::bytes ? "bytea" : "text";
}

// "$1::bigint, $2::text", or with "[]" behind each.
std::string marks(const TransferTable& table, std::size_t count, const std::string& behind) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i)
    out.push_back("$" + std::to_string(i + 1) + "::" + type_of(table.columns.at(i).kind) + behind);
  return text::join(out, ", ");
}

Value value_of(const TransferTable::Column& column, const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  return column.kind == Kind::bytes ? Value::bytes(*text) : Value(*text);
}

class PostgresSide final : public TransferSide {
 public:
  explicit PostgresSide(const std::string& url) : pool_(url) {}

  Result<std::vector<TransferRow>> read(const TransferTable& table, const TransferRow& after,
                                        std::size_t limit) override {
    auto width = table.columns.size();
    Values values;
    for (std::size_t i = 0; !after.empty() && i < table.keys; ++i)
      values.push_back(value_of(table.columns.at(i), after.at(i)));
    auto found = pool_.run(
        "SELECT " + names_of(table, width) + " FROM " + table.name + " WHERE " + table.only +
            (after.empty() ? std::string()
                           : " AND (" + names_of(table, table.keys) + ") > (" + marks(table, table.keys, "") + ")") +
            " ORDER BY " + names_of(table, table.keys) + " LIMIT " + std::to_string(limit),
        values);
    if (!found) return found.error();
    std::vector<TransferRow> out;
    for (int i = 0; i < found->size(); ++i) out.push_back(row_of(table, (*found)[i]));
    return out;
  }

  // A content is new to who prunes: it is kept until its rows have come.
  Status write(const TransferTable& table, const std::vector<TransferRow>& rows) override {
    auto width = table.columns.size();
    std::vector<Array> columns(width);
    for (const auto& row : rows)
      for (std::size_t i = 0; i < width; ++i) columns[i].add(value_of(table.columns.at(i), row.at(i)));
    bool contents = table.name == "contents";
    return pool_.write("INSERT INTO " + table.name + "(" + names_of(table, width) + (contents ? ", used" : "") +
                           ") SELECT *" + (contents ? ", (extract(epoch FROM now())*1000)::bigint" : "") +
                           " FROM unnest(" + marks(table, width, "[]") + ") ON CONFLICT DO NOTHING",
                       {columns.begin(), columns.end()});
  }

  Status finish() override {
    for (const char* sql :
         {"INSERT INTO workers SELECT DISTINCT platform, owner, 0 FROM outbox WHERE owner IS NOT NULL AND ended IS "
          "NULL "
          "ON CONFLICT DO NOTHING",
          "SELECT setval('outbox_ids', greatest((SELECT max(id) FROM outbox), (SELECT last_value FROM outbox_ids)))",
          "SELECT setval('digest_numbers', greatest((SELECT max(number) FROM digests), (SELECT last_value FROM "
          "digest_numbers)))"})
      if (auto done = pool_.write(sql); !done) return done;
    return {};
  }

 private:
  static TransferRow row_of(const TransferTable& table, const AnswerRow& row) {
    TransferRow out(table.columns.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
      auto column = static_cast<int>(i);
      if (row.is_null(column)) continue;
      out[i] = table.columns[i].kind == Kind::bytes ? row.bytes(column) : std::string(row.text(column));
    }
    return out;
  }
  Pool pool_;
};

}  // namespace

Result<std::unique_ptr<TransferSide>> postgres_side(const OpenOptions& options) {
  return std::unique_ptr<TransferSide>(std::make_unique<PostgresSide>(options.url));
}

}  // namespace broadsheet::store
