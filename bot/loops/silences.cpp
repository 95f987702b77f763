#include "bot/loops/silences.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "bot/base/log.hpp"

namespace broadsheet::loops {
namespace {

using boost::asio::awaitable;

constexpr std::array kSources = {
    std::pair(arxiv::SourceKind::feed, "arxiv.silence.feed"), std::pair(arxiv::SourceKind::api, "arxiv.silence.api"),
    std::pair(arxiv::SourceKind::oai, "arxiv.silence.oai"), std::pair(arxiv::SourceKind::site, "arxiv.silence.site")};

// "1768280400000 60000 2 arXiv asks to slow down": until, pause, times in a row, why.
std::string silence_text(const arxiv::Silence& s) {
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

std::optional<arxiv::Silence> parse_silence(std::string_view text) {
  auto until = number(text), pause = number(text), times = number(text);
  if (!until || !pause || !times) return std::nullopt;
  arxiv::Silence out;
  out.until = Moment(std::chrono::milliseconds(*until));
  out.pause = std::chrono::milliseconds(*pause);
  out.times = static_cast<int>(std::clamp<std::int64_t>(*times, 0, 1000));
  out.why = std::string(text);
  return out;
}

using Values = std::vector<std::pair<std::string, std::string>>;

Values values_of(const arxiv::Gate& gate) {
  Values out;
  for (const auto& [source, name] : kSources) {
    auto it = gate.silences().find(source);
    out.emplace_back(name, it == gate.silences().end() ? std::string() : silence_text(it->second));
  }
  return out;
}

void put(store::Store& store, const Values& values) {
  for (const auto& [name, value] : values) {
    auto known = store.values().get(name);
    if (known && known->value_or("") == value) continue;
    if (auto put = store.values().put(name, value); !put)
      log::warning("listing.silence_not_stored", {{"why", put.error().what()}});
  }
}

awaitable<void> save(arxiv::Gate& gate, store::Store& store, async::Offload& workers) {
  auto work = [&store, values = values_of(gate)] { put(store, values); };
  co_await workers.run(std::move(work));
}

}  // namespace

awaitable<void> keep_silences(arxiv::Gate& gate, store::Store& store, async::Offload& workers) {
  for (const auto& [source, name] : kSources) {
    auto work = [&store, key = std::string(name)] { return store.values().get(key); };
    auto value = co_await workers.run(std::move(work));
    if (!value || !*value) continue;
    if (auto silence = parse_silence(**value)) gate.restore(source, *silence);
  }
  gate.on_change([&gate, &store, &workers] { return save(gate, store, workers); });
}

void store_silences(const arxiv::Gate& gate, store::Store& store) {
  put(store, values_of(gate));
}

}  // namespace broadsheet::loops
