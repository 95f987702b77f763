// arXiv's documents as its servers write them (contracts: arXiv 1.3, 1.5, 2.2, 2.3, 2.7, 3), from papers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "digest/model/listing.hpp"
#include "digest/model/paper.hpp"

namespace broadsheet::fakes {

// One line of an announcement.
struct Line {
  AnnounceType type{};
  const Paper* paper = nullptr;
};

std::string rss_document(const std::string& category, Moment built, Moment declared, const std::vector<Line>& lines);
std::string atom_document(const std::string& category, Moment built, Moment declared, const std::vector<Line>& lines);
std::string feed_error_document(const std::string& reason);
enum class ListingKind : std::uint8_t { newest, archive };  // /list/CAT/new, /catchup/CAT/DAY
// `skip`, `show`: the window of the page.
std::string listing_document(ListingKind kind, Day day, const std::vector<Line>& lines, std::size_t skip,
                             std::size_t show);
std::string api_document(const std::vector<const Paper*>& papers, std::size_t total, std::size_t start,
                         std::size_t per_page, Moment now);
std::string api_error_document(const std::string& message);
// format: arXiv or arXivRaw. `token`: empty for a list that fits.
std::string oai_document(const std::string& verb, const std::string& format, const std::vector<const Paper*>& papers,
                         const std::string& token, Moment expires, Moment now);
std::string oai_error_document(const std::string& code, const std::string& message, Moment now);

std::string escaped(std::string_view text);

}  // namespace broadsheet::fakes
