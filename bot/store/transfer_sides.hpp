// The tables of a store, read and written as texts, on either engine. Used by transfer_store().
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bot/base/result.hpp"
#include "bot/store/store.hpp"

namespace broadsheet::store {

// The first columns are the key.
struct TransferTable {
  struct Column {
    std::string name;
    enum class Kind : std::uint8_t { number, text, bytes } kind = Kind::text;
  };
  std::string name;
  std::vector<Column> columns;
  std::size_t keys = 1;
  std::string only = "1=1";  // which rows are moved
};
// All but papers, which the repositories move; and but what is derived, or belongs to processes.
const std::vector<TransferTable>& transfer_tables();

using TransferRow = std::vector<std::optional<std::string>>;

class TransferSide {
 public:
  virtual ~TransferSide() = default;
  // In order of the key, after the one of `after` (empty: from the first).
  virtual Result<std::vector<TransferRow>> read(const TransferTable& table, const TransferRow& after,
                                                std::size_t limit) = 0;
  // All or none; rows that are there stay as they are.
  virtual Status write(const TransferTable& table, const std::vector<TransferRow>& rows) = 0;
  // After the last table: numbers that are given from here on follow those that came.
  virtual Status finish() = 0;
};

Result<std::unique_ptr<TransferSide>> sqlite_side(const OpenOptions& options);
Result<std::unique_ptr<TransferSide>> postgres_side(const OpenOptions& options);

}  // namespace broadsheet::store
