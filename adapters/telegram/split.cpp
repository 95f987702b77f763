#include "adapters/telegram/split.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "adapters/telegram/utf.hpp"
#include "bot/base/text.hpp"

namespace broadsheet::telegram {
namespace {

// What an entity costs of the 9,500 bytes: its numbers, and its strings (contracts: Telegram 3.1).
std::size_t bytes_of(const Entity& e) {
  constexpr std::size_t kNumbers = 24;
  return kNumbers + e.url.size() + e.language.size();
}

std::size_t end_of(const Entity& e) {
  return e.offset + e.length;
}

// How good a place is for a cut; lower is better (contracts: Telegram 3.6).
enum class Cut : std::uint8_t { blank_line, line, sentence, word, inside_entity, grapheme, none };

class Splitter {
 public:
  Splitter(const FormattedText& source, const Limits& limits) : source_(source), limits_(limits) {
    for (std::size_t i = 0; i < source.text.size();) {
      auto start = i;
      auto width = units_of(next_code_point(source.text, i));
      byte_of_.insert(byte_of_.end(), width, start);
    }
    byte_of_.push_back(source.text.size());
    graphemes_.assign(source.text.size() + 1, false);
    for (auto b : text::grapheme_breaks(source.text)) graphemes_[b] = true;
    protect_formulas();
    for (const auto& e : source.entities)
      if (e.type == EntityType::text_link || e.type == EntityType::code) whole_.emplace_back(e.offset, end_of(e));
    std::sort(whole_.begin(), whole_.end());
  }

  std::vector<FormattedText> run() {
    std::vector<FormattedText> out;
    for (auto begin = skip_blank(0); begin < units();) {
      auto end = cut_after(begin);
      auto part = slice(begin, end);
      if (!part.text.empty()) out.push_back(std::move(part));
      begin = skip_blank(end);
    }
    return out;
  }

 private:
  std::size_t units() const { return byte_of_.size() - 1; }
  char at(std::size_t unit) const { return source_.text[byte_of_[unit]]; }
  bool blank(std::size_t unit) const { return unit < units() && is_blank(at(unit)); }

  std::size_t skip_blank(std::size_t unit) const {
    while (blank(unit)) ++unit;
    return unit;
  }

  // "$...$" on one line stays whole.
  void protect_formulas() {
    std::size_t opened = units();
    for (std::size_t i = 0; i < units(); ++i) {
      if (at(i) == '\n') opened = units();
      if (at(i) != '$') continue;
      if (opened == units()) {
        opened = i;
      } else {
        whole_.emplace_back(opened, i + 1);
        opened = units();
      }
    }
  }

  // A cut here would break a link, a name in code or a formula that fits into one message.
  bool breaks_whole(std::size_t unit) const {
    auto it = std::lower_bound(whole_.begin(), whole_.end(), std::pair(unit, std::size_t{0}));
    if (it == whole_.begin()) return false;
    --it;
    return it->second > unit && it->second - it->first <= limits_.units;
  }

  // The farthest unit that the budgets allow for a part from `begin`.
  std::size_t farthest(std::size_t begin) const {
    auto end = std::min(begin + limits_.units, units());
    std::size_t count = 0;
    std::size_t bytes = 0;
    for (const auto& e : source_.entities) {  // by offset
      if (end_of(e) <= begin) continue;
      if (e.offset >= end) break;
      ++count;
      bytes += bytes_of(e);
      if (count > limits_.entities || bytes > limits_.entity_bytes) return std::max(e.offset, begin + 1);
    }
    return end;
  }

  Cut quality(std::size_t begin, std::size_t unit) const {
    if (unit == units()) return Cut::blank_line;
    auto byte = byte_of_[unit];
    if (byte_of_[unit - 1] == byte || !graphemes_[byte]) return Cut::none;
    bool space = blank(unit) || blank(unit - 1);
    if (breaks_whole(unit)) return space ? Cut::inside_entity : Cut::grapheme;
    bool late = unit - begin >= (limits_.units + 1) / 2;
    if (late && blank(unit) && at(unit) == '\n') {
      bool two = (unit + 1 < units() && at(unit + 1) == '\n') || at(unit - 1) == '\n';
      return two ? Cut::blank_line : Cut::line;
    }
    if (late && sentence_end(unit)) return Cut::sentence;
    return space ? Cut::word : Cut::grapheme;
  }

  bool sentence_end(std::size_t unit) const {
    constexpr std::array<std::string_view, 3> kWide = {"。", "！", "？"};
    auto before = std::string_view(source_.text).substr(0, byte_of_[unit]);
    for (auto mark : kWide)
      if (before.ends_with(mark)) return true;
    if (!blank(unit) || before.empty()) return false;
    return before.back() == '.' || before.back() == '!' || before.back() == '?';
  }

  // Where the part from `begin` ends: the best place, the latest of equal ones.
  std::size_t cut_after(std::size_t begin) const {
    auto last = farthest(begin);
    if (last == units()) return last;
    auto best = Cut::none;
    auto where = last;
    for (auto unit = last; unit > begin; --unit) {
      auto q = quality(begin, unit);
      if (q >= best) continue;
      best = q;
      where = unit;
      if (best == Cut::blank_line) break;
    }
    if (best != Cut::none) return where;
    // One grapheme larger than a message: between code points then.
    while (where > begin + 1 && byte_of_[where - 1] == byte_of_[where]) --where;
    return where;
  }

  FormattedText slice(std::size_t begin, std::size_t end) const {
    while (end > begin && blank(end - 1)) --end;
    FormattedText out;
    out.text = source_.text.substr(byte_of_[begin], byte_of_[end] - byte_of_[begin]);
    for (auto e : source_.entities) {
      auto from = std::max(e.offset, begin);
      auto to = std::min(end_of(e), end);
      while (to > from && blank(to - 1)) --to;
      if (from >= to) continue;
      e.offset = from - begin;
      e.length = to - from;
      out.entities.push_back(std::move(e));
    }
    return out;
  }

  const FormattedText& source_;
  const Limits& limits_;
  std::vector<std::size_t> byte_of_;  // of each unit; both units of a pair have that of their character
  std::vector<bool> graphemes_;       // by byte: a grapheme begins
  std::vector<std::pair<std::size_t, std::size_t>> whole_;
};

}  // namespace

Measure measure(const FormattedText& text) {
  Measure out{text::utf16_length(text.text), text.entities.size(), 0};
  for (const auto& e : text.entities) out.entity_bytes += bytes_of(e);
  return out;
}

bool fits(const FormattedText& text, const Limits& limits) {
  auto m = measure(text);
  return m.units <= limits.units && m.entities <= limits.entities && m.entity_bytes <= limits.entity_bytes;
}

std::vector<FormattedText> split(const FormattedText& text, const Limits& limits) {
  return Splitter(text, limits).run();
}

}  // namespace broadsheet::telegram
