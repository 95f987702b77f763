#include "digest/write/usual.hpp"

#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "bot/base/text.hpp"
#include "embedded/usual_phrases.hpp"

namespace broadsheet::write {
namespace {

using Shares = std::array<int, kFields>;

// Rarer phrases are not in the table.
constexpr int kRare = 10;

std::unordered_map<std::string_view, Shares> load() {
  std::unordered_map<std::string_view, Shares> out;
  for (auto line : text::split(embedded::usual_phrases, '\n')) {
    if (line.empty() || line.starts_with('#')) continue;
    auto fields = text::split(line, '\t');
    Shares shares{};
    for (std::size_t i = 0; i < kFields && i + 1 < fields.size(); ++i)
      std::from_chars(fields[i + 1].data(), fields[i + 1].data() + fields[i + 1].size(), shares.at(i));
    out.emplace(fields[0], shares);
  }
  return out;
}

}  // namespace

std::size_t field_of(const Paper& paper) {
  constexpr std::array<std::string_view, 5> kOwn = {"cs.CV", "cs.CL", "cs.LG", "cs.RO", "cs.AI"};
  constexpr std::array<std::string_view, 4> kArchives = {"cs.", "eess.", "stat.", "math."};
  auto primary = paper.primary();
  for (std::size_t i = 0; i < kOwn.size(); ++i)
    if (primary == kOwn.at(i)) return i;
  for (std::size_t i = 0; i < kArchives.size(); ++i)
    if (primary.starts_with(kArchives.at(i))) return kOwn.size() + i;
  return kFields - 1;
}

int usual_share(std::string_view key, std::size_t field) {
  static const auto kTable = load();
  auto it = kTable.find(key);
  return it == kTable.end() ? kRare : std::max(kRare / 5, it->second.at(field));
}

}  // namespace broadsheet::write
