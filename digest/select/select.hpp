// Which papers of the day are shown, and why. Every announced paper gets a fate; the order is stable and never depends
// on how new a paper is.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "digest/model/digest.hpp"
#include "digest/select/rules.hpp"

namespace broadsheet::select {

struct Options {
  std::size_t top = 10;
  std::string interests;   // plain language (interests.hpp) with firm rules (rules.hpp)
  QueryReader read_query;  // for those rules
  PaperFilter filtered;    // the reason, if a rule drops the paper
  std::set<PaperId> seen_before;
  bool include_cross = true;
};

struct Choice {
  Selection selection;
  // For the reader where interests were given, else empty: how they were understood, and which of them nothing matches.
  std::string note;
};

// Several categories are merged without repeats; a paper that is new in one of them is new.
Choice select(const std::vector<ListingBatch>& batches, const Options& options);

}  // namespace broadsheet::select
