// What the pages show of the running service: how its parts stand, previews, and the digest that a day's page is made
// from. Used on the I/O thread.
#pragma once

#include <string>
#include <vector>

#include "adapters/preview/preview.hpp"
#include "bot/app/ways.hpp"
#include "bot/loops/listing_loop.hpp"
#include "bot/pages/pages.hpp"
#include "config/settings.hpp"
#include "digest/build/build.hpp"

namespace broadsheet::app {

// Lines of /readyz for the sources, the scheduler and the platforms.
std::vector<pages::PartState> states_of(const loops::ListingLoop& listings, const Ways& ways);
boost::asio::awaitable<Result<std::vector<pages::PreviewMessage>>> preview_messages(preview::Preview& preview,
                                                                                    std::string name);
// Of the digests that the pages show: those of these settings, and of earlier ones. Blocking.
Result<pages::Profiles> public_profiles(store::Store& store, const config::Settings& settings);
BuildOptions page_digest(const config::Settings& settings, Category category, Day day);

}  // namespace broadsheet::app
