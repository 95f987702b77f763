#include "digest/sources/arxiv/arxiv_source.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace broadsheet::arxiv {
namespace {

constexpr std::array kDoors = {
    std::pair(SourceKind::feed, "arxiv.silence.feed"), std::pair(SourceKind::api, "arxiv.silence.api"),
    std::pair(SourceKind::oai, "arxiv.silence.oai"), std::pair(SourceKind::site, "arxiv.silence.site")};

// "1768280400000 60000 2 arXiv asks to slow down": until, pause, times in a row, why.
std::string silence_text(const Silence& s) {
  return std::to_string(s.until.time_since_epoch().count()) + " " + std::to_string(s.pause.count()) + " " +
         std::to_string(s.times) + " " + s.why;
}

// A number and the space behind it; `text` goes on after both.
std::optional<std::int64_t> number(std::string_view& text) {
  std::int64_t out = 0;
  auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (ec != std::errc{} || end == text.data() + text.size() || *end != ' ') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  return out;
}

std::optional<Silence> parse_silence(std::string_view text) {
  auto until = number(text), pause = number(text), times = number(text);
  if (!until || !pause || !times) return std::nullopt;
  Silence out;
  out.until = Moment(std::chrono::milliseconds(*until));
  out.pause = std::chrono::milliseconds(*pause);
  out.times = static_cast<int>(std::clamp<std::int64_t>(*times, 0, 1000));
  out.why = std::string(text);
  return out;
}

}  // namespace

ArxivSource::ArxivSource(const boost::asio::any_io_executor& executor, http::Transport& transport,
                         async::Offload& workers, Clock& clock, ArxivOptions options, Calendar calendar,
                         StoredListing stored)
    : gate_(executor, transport, clock, std::move(options.gate)),
      remote_(gate_, clock, workers, std::move(options.addresses)),
      follower_(remote_, clock, std::move(calendar), std::move(stored), options.patience) {}

boost::asio::awaitable<ListingOutcome> ArxivSource::listing(Category category, Day day) {
  return follower_.listing(std::move(category), day);
}

boost::asio::awaitable<Result<Paper>> ArxivSource::paper(VersionedId id) {
  return remote_.paper(std::move(id));
}

boost::asio::awaitable<Result<std::vector<Paper>>> ArxivSource::search(std::vector<std::string> words,
                                                                       std::size_t limit) {
  return remote_.search(std::move(words), limit);
}

std::vector<sources::Memory> ArxivSource::memory() const {
  std::vector<sources::Memory> out;
  for (const auto& [door, name] : kDoors) {
    auto it = gate_.silences().find(door);
    out.push_back({name, it == gate_.silences().end() ? std::string() : silence_text(it->second)});
  }
  return out;
}

void ArxivSource::remember(const sources::Memory& kept) {
  for (const auto& [door, name] : kDoors)
    if (kept.name == name)
      if (auto silence = parse_silence(kept.value)) gate_.restore(door, *silence);
}

void ArxivSource::on_change(std::function<boost::asio::awaitable<void>()> told) {
  gate_.on_change(std::move(told));
}

}  // namespace broadsheet::arxiv
