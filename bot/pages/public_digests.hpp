// Which stored digests are a category's own, for everybody to read: those of one category that were made with the
// service's own settings, and those that were imported. What a subscription was given by its own filter, interests or
// length is its readers' alone. Blocking; for the workers.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bot/store/store.hpp"

namespace broadsheet::pages {

// Profiles (DigestKey::profile) of the settings that the service had since it keeps this store, beside the defaults'.
using Profiles = std::set<std::string>;

// Newest first, one for each category and day; at most `limit`.
Result<std::vector<store::DigestRef>> public_digests(store::Store& store, const Profiles& profiles,
                                                     std::optional<Day> day, std::optional<Category> category,
                                                     std::size_t limit);

// The profiles that the store remembers, `current` among them from now on.
Result<Profiles> remember_profile(store::Store& store, const std::string& current);

}  // namespace broadsheet::pages
