// What was announced in a category on a listing day. Blocking calls; thread-safe.
#pragma once

#include <optional>

#include "bot/base/result.hpp"
#include "bot/base/time.hpp"
#include "digest/model/listing.hpp"

namespace broadsheet::store {

class ListingRepository {
 public:
  virtual ~ListingRepository() = default;
  // A frozen listing is never changed: putting another one for the same (category, day) is refused (not_allowed).
  virtual Status put(const Listing& listing) = 0;
  virtual Result<std::optional<Listing>> get(const Category& category, Day day) = 0;
  // The newest one, of a day before `before` when given.
  virtual Result<std::optional<Listing>> last(const Category& category, std::optional<Day> before) = 0;
};

}  // namespace broadsheet::store
