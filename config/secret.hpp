// A secret: cannot be printed, logged or compared in variable time.
#pragma once

#include <string>
#include <string_view>

namespace broadsheet::config {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  bool empty() const { return value_.empty(); }
  // Only for the request that needs it.
  const std::string& reveal() const { return value_; }
  // Constant time for equal lengths.
  bool equals(std::string_view other) const {
    if (other.size() != value_.size()) return false;
    unsigned difference = 0;
    for (std::size_t i = 0; i < other.size(); ++i)
      difference |= static_cast<unsigned char>(other[i]) ^ static_cast<unsigned char>(value_[i]);
    return difference == 0;
  }

 private:
  std::string value_;
};

}  // namespace broadsheet::config
