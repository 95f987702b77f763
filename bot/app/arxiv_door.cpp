#include "bot/app/arxiv_door.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "version_info.hpp"

namespace broadsheet::app {
namespace {

arxiv::GateOptions gate_options(const config::Settings& settings) {
  arxiv::GateOptions out;
  out.min_interval = settings.arxiv.min_interval;
  out.version = kVersion;
  out.contact = settings.arxiv.contact;
  out.url = settings.service.public_url;
  return out;
}

arxiv::Addresses addresses(const config::Arxiv& settings) {
  return {settings.feed_url, settings.api_url, settings.oai_url, settings.site_url};
}

}  // namespace

Result<arxiv::Calendar> load_calendar(const config::Arxiv& settings) {
  if (settings.holidays_file.empty()) return arxiv::Calendar::built_in();
  std::error_code ec;
  std::ifstream in(settings.holidays_file, std::ios::binary);
  if (!in || std::filesystem::is_directory(settings.holidays_file, ec))
    return Error(ErrorKind::not_found,
                 "cannot read " + settings.holidays_file + "; check the path, or leave it empty for the built-in list");
  std::string text{std::istreambuf_iterator<char>(in), {}};
  auto calendar = arxiv::Calendar::parse(text);
  if (!calendar) return std::move(calendar).error().in(settings.holidays_file);
  return calendar;
}

arxiv::StoredListing listings_of(store::Store& store, async::Offload& workers) {
  return [&store, &workers](Category category, Day day) -> boost::asio::awaitable<Result<std::optional<Listing>>> {
    auto work = [&store, category = std::move(category), day] { return store.listings().get(category, day); };
    return workers.run(std::move(work));
  };
}

arxiv::StoredListing no_listings() {
  return [](Category, Day) -> boost::asio::awaitable<Result<std::optional<Listing>>> {
    co_return std::optional<Listing>();
  };
}

ArxivDoor::ArxivDoor(const Outside& outside, const config::Settings& settings, arxiv::Calendar calendar,
                     arxiv::StoredListing stored, std::chrono::minutes patience)
    : source_(outside.executor, outside.arxiv, outside.workers, outside.clock,
              {.gate = gate_options(settings), .addresses = addresses(settings.arxiv), .patience = patience},
              std::move(calendar), std::move(stored)) {}

}  // namespace broadsheet::app
