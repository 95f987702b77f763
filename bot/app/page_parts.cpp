#include "bot/app/page_parts.hpp"

#include "bot/base/moments.hpp"

namespace broadsheet::app {

std::vector<pages::PartState> states_of(const loops::ListingLoop& listings, const Ways& ways) {
  pages::PartState sources{"sources", true, ""};
  for (const auto& state : listings.states()) {
    if (state.kind == loops::ListingState::Kind::down) sources.ready = false;
    if (state.detail.empty()) continue;
    if (!sources.detail.empty()) sources.detail += "; ";
    sources.detail += state.category.str() + ": " + state.detail;
  }
  std::vector<pages::PartState> out{
      std::move(sources),
      {"scheduler", true,
       listings.next_look() == Moment{} ? "has not finished its first look yet"
                                        : "looks again at " + in_words(listings.next_look())}};
  for (auto& way : ways.states()) out.push_back(std::move(way));
  return out;
}

boost::asio::awaitable<Result<std::vector<pages::PreviewMessage>>> preview_messages(preview::Preview& preview,
                                                                                    std::string name) {
  auto kept = co_await preview.messages(std::move(name));
  if (!kept) co_return kept.error();
  std::vector<pages::PreviewMessage> out;
  for (auto& m : *kept)
    out.push_back({std::move(m.id).str(), std::move(m.thread).str(), std::move(m.body), std::move(m.text), m.at,
                   m.edits, m.silent});
  co_return out;
}

Result<pages::Profiles> public_profiles(store::Store& store, const config::Settings& settings) {
  return pages::remember_profile(store, digest_key(page_digest(settings, {}, {})).profile);
}

BuildOptions page_digest(const config::Settings& settings, Category category, Day day) {
  BuildOptions out;
  out.categories = {std::move(category)};
  out.day = day;
  out.style = parse_style(settings.digest.style).value_or(Style::cards);
  out.language = settings.digest.language;
  out.top = static_cast<std::size_t>(settings.digest.top);
  out.interests = settings.digest.interests;
  return out;
}

}  // namespace broadsheet::app
