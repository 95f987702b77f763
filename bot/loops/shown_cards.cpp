#include "bot/loops/shown_cards.hpp"

#include <charconv>

#include "bot/base/text.hpp"

namespace broadsheet::loops {
namespace {

constexpr std::string_view kName = "cards.";

}  // namespace

// "1768280400000 2601.00001 2601.00002"
Status remember_cards(store::Store& store, const std::string& reader, const ShownCards& cards) {
  auto value = std::to_string(cards.at.time_since_epoch().count());
  for (const auto& paper : cards.papers) value += " " + paper.str();
  return store.values().put(std::string(kName) + reader, value);
}

Result<std::optional<ShownCards>> remembered_cards(store::Store& store, const std::string& reader) {
  auto value = store.values().get(std::string(kName) + reader);
  if (!value) return value.error();
  if (!*value) return std::optional<ShownCards>();
  ShownCards out;
  auto words = text::split(**value, ' ');
  std::int64_t at = 0;
  std::from_chars(words[0].data(), words[0].data() + words[0].size(), at);
  out.at = Moment(std::chrono::milliseconds(at));
  for (std::size_t i = 1; i < words.size(); ++i)
    if (auto paper = PaperId::parse(words[i])) out.papers.push_back(*paper);
  return std::optional<ShownCards>(std::move(out));
}

}  // namespace broadsheet::loops
