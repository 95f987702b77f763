// A row of an answer, whichever engine gave it.
#pragma once

#include <cstdint>
#include <string_view>

namespace broadsheet::store {

class Row {
 public:
  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual std::string_view text(int column) const = 0;  // valid as long as the row; empty for NULL

 protected:
  ~Row() = default;
};

}  // namespace broadsheet::store
