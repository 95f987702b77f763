// One digest from frozen listings: select, extract, assemble. Pure: the same input gives the same digest but for
// `written`. What a model writes over it comes after (pipeline.hpp).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "digest/model/digest.hpp"
#include "digest/select/rules.hpp"

namespace broadsheet {

struct BuildOptions {
  std::vector<Category> categories;
  Day day{};                 // listing day
  std::vector<Day> earlier;  // listing days before it that the digest covers too, oldest first
  Style style = Style::cards;
  std::string language = "en";
  std::size_t top = 10;
  std::string interests;
  select::QueryReader read_query;  // for the rules among the interests
  std::string filter_text;         // what `filtered` was made from; part of the digest's key
  select::PaperFilter filtered;    // the reason, if a rule drops the paper
  std::set<PaperId> seen_before;
  std::string writer;  // name of who will write it; empty: the extracts are the digest
  std::string note;    // late, not checked, sample: one sentence for the reader
};

// The key that `build` will give: equal for equal requests.
DigestKey digest_key(const BuildOptions& options);

// The digest of extracts.
Digest build_digest(const std::vector<ListingBatch>& batches, const BuildOptions& options, Moment now);

}  // namespace broadsheet
