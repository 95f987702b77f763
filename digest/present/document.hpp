// A digest as documents (spec: commands 9): the overview, the cards, and the honest sentence for a day without a
// digest.
#pragma once

#include <optional>

#include "digest/doc/document.hpp"
#include "digest/model/digest.hpp"
#include "digest/model/listing.hpp"

namespace broadsheet::present {

// Category and date, executive summary, numbered titles with one line each, count line, origin.
doc::Document overview(const Digest& digest);
// Title linked, authors, categories and version, what they did / how / result / limits, why it is here, origin.
// `number`: of the card in its digest; 0: none.
doc::Document card(const Card& card, bool with_abstract = false, std::size_t number = 0);
// The whole digest in one document: brief = overview; cards = overview and cards; full = with abstracts; titles = all
// titles.
doc::Document digest_document(const Digest& digest, Style style);
// Why there is no digest: holiday, weekend, late, down, incomplete: five different sentences.
struct NoticeOptions {
  std::optional<Moment> now;  // tells what is still to come from what has passed
  bool comes = false;         // what is missing is posted to the reader when it is there
  std::optional<Zone> zone;   // of the reader; else Eastern and universal time
};
doc::Document notice(const ListingOutcome& outcome, const Category& category, const NoticeOptions& options = {});

}  // namespace broadsheet::present
