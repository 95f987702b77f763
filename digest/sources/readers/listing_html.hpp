// arXiv's listing pages /list/CAT/new and /catchup/CAT/DAY (contracts: arXiv 2.7).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/base/result.hpp"
#include "digest/model/listing.hpp"

namespace broadsheet::sources {

struct ListingPage {
  struct Section {
    AnnounceType type{};
    std::size_t shown = 0, total = 0;  // "showing X of Y"
  };
  std::optional<Day> day;  // from the heading
  std::vector<Section> sections;
  std::vector<Announced> entries;
  std::vector<Paper> papers;
  bool complete = false;  // every section shows all it has, and all of it was read
  std::vector<std::string> problems;
};

Result<ListingPage> read_listing_html(std::string_view bytes);

}  // namespace broadsheet::sources
