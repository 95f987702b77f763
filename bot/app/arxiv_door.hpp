// Everything between the configuration's [arxiv] section and its source: one gate, one set of addresses for the whole
// process.
#pragma once

#include "bot/app/outside.hpp"
#include "bot/store/store.hpp"
#include "config/settings.hpp"
#include "digest/sources/arxiv/arxiv_source.hpp"

namespace broadsheet::app {

// The built-in holiday list, or the file of arxiv.holidays_file.
Result<arxiv::Calendar> load_calendar(const config::Arxiv& settings);

// Listings of the store, read on the workers.
arxiv::StoredListing listings_of(store::Store& store, async::Offload& workers);
// For a process without a store: nothing is known.
arxiv::StoredListing no_listings();

class ArxivDoor {
 public:
  ArxivDoor(const Outside& outside, const config::Settings& settings, arxiv::Calendar calendar,
            arxiv::StoredListing stored, std::chrono::minutes patience);
  arxiv::ArxivSource& source() { return source_; }

 private:
  arxiv::ArxivSource source_;
};

}  // namespace broadsheet::app
