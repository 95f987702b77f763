// Which papers of the day are shown, and why. Every announced paper gets a fate; the order is stable and never depends
// on how new a paper is.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "digest/model/digest.hpp"

namespace broadsheet::select {

struct Options {
  std::size_t top = 10;
  std::string interests;                                             // plain language, see interests.hpp
  std::function<std::optional<std::string>(const Paper&)> filtered;  // the reason, if a rule drops the paper
  std::set<PaperId> seen_before;
  bool include_cross = true;
  std::vector<std::string> followed_authors;
  std::function<bool(const Paper&)> always_show;
};

struct Choice {
  Selection selection;
  std::string note;  // one sentence for the reader (an interest that nothing matches), or empty
};

// Several categories are merged without repeats; a paper that is new in one of them is new.
Choice select(const std::vector<ListingBatch>& batches, const Options& options);

}  // namespace broadsheet::select
