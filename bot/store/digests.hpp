// Digests that were written. Blocking calls; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bot/base/result.hpp"
#include "bot/base/time.hpp"
#include "digest/model/digest.hpp"

namespace broadsheet::store {

// What a list of digests shows of one.
struct DigestRef {
  DigestKey key;
  Moment written;
  std::size_t shown = 0, announced = 0;
  std::string imported;
};

class DigestRepository {
 public:
  virtual ~DigestRepository() = default;
  // Putting the same key again replaces it.
  virtual Status put(const Digest& digest) = 0;
  virtual Result<std::optional<Digest>> get(const DigestKey& key) = 0;
  // Newest first; filters are optional.
  virtual Result<std::vector<DigestRef>> list(std::optional<Day> day, std::optional<Category> category,
                                              std::size_t limit) = 0;
};

}  // namespace broadsheet::store
