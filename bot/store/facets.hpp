// What a paper can be filtered by beside its words, as tokens for the index: "c:cs.CL" a category by its present name,
// "a:cs" an archive, "t:202" "y:2025" "m:202512" "d:20251219" its day as decade, year, month and day, "code" a link to
// code. No word of a text holds a colon. The matcher of filters uses the same, so that both mean the same.
#pragma once

#include <string>
#include <vector>

#include "bot/store/query.hpp"

namespace broadsheet::store {

inline constexpr std::string_view kHasCode = "code:";

std::vector<std::string> facets_of(const Paper& paper);
// Of these any one will do; for category and has_code.
std::vector<std::string> facets_wanted(const Term& term);
// The fewest tokens that cover the days from `first` to `last`; none if last is before first.
std::vector<std::string> facets_of_days(Day first, Day last);
// The names of `cat:` as Term::text holds them: categories, archives, groups and short names separated by commas; empty
// if one is unknown.
std::string category_names(std::string_view typed);

inline constexpr Day kFirstDay{std::chrono::days(0)};
inline constexpr Day kLastDay{std::chrono::year{2099} / 12 / 31};

}  // namespace broadsheet::store
