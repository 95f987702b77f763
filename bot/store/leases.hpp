// Roles that one process at a time has: who plans the posts, who asks the sources (design: reliability P5). Blocking
// calls; thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "bot/base/result.hpp"
#include "bot/base/time.hpp"

namespace broadsheet::store {

// A role as somebody was given it. Each time that it changes hands the term grows.
struct Tenure {
  std::string role, holder;
  std::int64_t term = 0;
  bool operator==(const Tenure&) const = default;
};

class Leases {
 public:
  virtual ~Leases() = default;
  // The role, if nobody has it, its lease has ended or the holder had it already (then in a new term). Nothing for
  // `length`: until it is released or, where one process owns the store, that process has ended.
  virtual Result<std::optional<Tenure>> take(const std::string& role, const std::string& holder, Moment now,
                                             std::optional<std::chrono::milliseconds> length) = 0;
  // False: another term has begun.
  virtual Result<bool> renew(const Tenure& tenure, Moment now, std::optional<std::chrono::milliseconds> length) = 0;
  // Whether it is still this term: for a transaction that only the holder may make.
  virtual Result<bool> current(const Tenure& tenure) = 0;
  // Nothing if another term has begun.
  virtual Status release(const Tenure& tenure) = 0;
};

}  // namespace broadsheet::store
