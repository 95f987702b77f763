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
  std::vector<Announced> entries;  // each paper once
  std::vector<Paper> papers;
  std::size_t listed = 0;     // entries on the page, with repeated and unreadable ones
  std::size_t announced = 0;  // entries that the page says there are, on all its pages
  bool says_empty = false;    // "No updates": a day without entries, not a broken page
  bool complete = false;      // all that was announced was read
  std::vector<std::string> problems;
};

Result<ListingPage> read_listing_html(std::string_view bytes);
// Puts the next page of the same listing behind what was read so far.
void append(ListingPage& whole, ListingPage next);

}  // namespace broadsheet::sources
