// The daily feeds, RSS 2.0 and Atom (contracts: arXiv 2.2-2.4).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/base/result.hpp"
#include "digest/model/listing.hpp"

namespace broadsheet::sources {

struct FeedPage {
  std::string title;                  // "cs.CV updates on arXiv.org"
  std::optional<Moment> built;        // when the server made it
  std::optional<Moment> published;    // the day it declares; not to be trusted (2.5)
  std::vector<Announced> entries;     // source order
  std::vector<Paper> papers;          // the same order
  std::vector<std::string> problems;  // items left out, with the reason
};

// A feed without items is a valid page; arXiv's "Feed error" document is an Error (refused) with its reason.
Result<FeedPage> read_feed(std::string_view bytes);

}  // namespace broadsheet::sources
