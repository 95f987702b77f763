#include "digest/write/cues.hpp"

#include <algorithm>
#include <array>

#include "bot/base/text.hpp"
#include "embedded/cues.hpp"

namespace broadsheet::write {
namespace {

constexpr std::array<std::string_view, 9> kNames = {"opening", "contrast",  "document", "pointing", "heading",
                                                    "leaning", "reporting", "showing",  "amounting"};
using Lists = std::array<std::vector<std::string_view>, kNames.size()>;

Lists load() {
  Lists out;
  for (auto line : text::split(embedded::cues, '\n')) {
    auto tab = line.find('\t');
    if (tab == std::string_view::npos) continue;
    auto at = std::find(kNames.begin(), kNames.end(), line.substr(0, tab));
    if (at != kNames.end()) out.at(static_cast<std::size_t>(at - kNames.begin())).push_back(line.substr(tab + 1));
  }
  for (auto& list : out) std::sort(list.begin(), list.end());
  return out;
}

const std::vector<std::string_view>& list_of(Cue kind) {
  static const Lists kLists = load();
  return kLists.at(static_cast<std::size_t>(kind));
}

}  // namespace

bool is_cue(Cue kind, std::string_view folded) {
  const auto& list = list_of(kind);
  return std::binary_search(list.begin(), list.end(), folded);
}

std::string_view begins_with_cue(Cue kind, std::string_view folded) {
  constexpr std::size_t kMostWords = 4;
  std::string_view found;
  std::size_t end = 0;
  for (std::size_t n = 0; n < kMostWords && end < folded.size(); ++n) {
    end = std::min(folded.find_first_of(" ,;:.", end + (n > 0 ? 1 : 0)), folded.size());
    auto words = folded.substr(0, end);
    if (is_cue(kind, words)) found = words;
  }
  return found;
}

}  // namespace broadsheet::write
