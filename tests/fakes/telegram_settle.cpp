// What the server does to a parsed text: entities are split and merged until they nest, the text is cleaned and
// trimmed, lengths are checked (contracts: Telegram 3.1, 3.2).
#include <algorithm>
#include <array>
#include <limits>
#include <set>

#include "bot/base/text.hpp"
#include "tests/fakes/telegram_markup.hpp"

namespace broadsheet::fakes {
namespace {

constexpr std::array<std::string_view, 5> kSplittable = {"bold", "italic", "underline", "strikethrough", "spoiler"};

bool is_splittable(const TextEntity& e) {
  return std::find(kSplittable.begin(), kSplittable.end(), e.type) != kSplittable.end();
}
bool is_code(const TextEntity& e) {
  return e.type == "code" || e.type == "pre";
}
bool is_quote(const TextEntity& e) {
  return e.type == "blockquote" || e.type == "expandable_blockquote";
}

int priority(const TextEntity& e) {
  if (is_quote(e)) return 0;
  if (e.type == "pre") return e.language.empty() ? 11 : 10;
  if (e.type == "code") return 20;
  if (e.type == "text_link" || e.type == "text_mention") return 49;
  auto splittable = std::find(kSplittable.begin(), kSplittable.end(), e.type);
  if (splittable != kSplittable.end()) return 90 + static_cast<int>(splittable - kSplittable.begin());
  return e.type == "custom_emoji" ? 99 : 50;
}

void sort(std::vector<TextEntity>& entities) {
  std::stable_sort(entities.begin(), entities.end(), [](const TextEntity& a, const TextEntity& b) {
    if (a.offset != b.offset) return a.offset < b.offset;
    if (a.length != b.length) return a.length > b.length;
    return priority(a) < priority(b);
  });
}

bool overlap(const TextEntity& a, const TextEntity& b) {
  return a.offset < b.end() && b.offset < a.end();
}
bool contains(const TextEntity& outer, const TextEntity& inner) {
  return outer.offset <= inner.offset && inner.end() <= outer.end();
}

// Of those that overlap only the first stays.
std::vector<TextEntity> without_overlaps(std::vector<TextEntity> entities) {
  sort(entities);
  std::vector<TextEntity> out;
  for (auto& e : entities)
    if (out.empty() || out.back().end() <= e.offset) out.push_back(std::move(e));
  return out;
}

// Bold and its like, cut wherever another kind begins, ends or has a boundary, and merged with their own kind.
class Splitter {
 public:
  explicit Splitter(std::vector<int> boundaries) : boundaries_(std::move(boundaries)) {}

  std::vector<TextEntity> split(const std::vector<TextEntity>& entities) {
    for (const auto& e : entities) {
      pass_boundaries(e.offset);
      auto own =
          static_cast<std::size_t>(std::find(kSplittable.begin(), kSplittable.end(), e.type) - kSplittable.begin());
      for (std::size_t i = 0; i < open_.size(); ++i)
        if (i != own) cut(i, e.offset);
      auto& open = open_.at(own);
      if (open.end > open.begin && e.offset <= open.end) {
        open.end = std::max(open.end, e.end());
      } else {
        cut(own, std::numeric_limits<int>::max());
        open = {e.offset, e.end()};
      }
    }
    pass_boundaries(std::numeric_limits<int>::max());
    cut_all(std::numeric_limits<int>::max());
    return std::move(out_);
  }

 private:
  struct Span {
    int begin = 0, end = 0;
  };
  void pass_boundaries(int upto) {
    for (; next_ < boundaries_.size() && boundaries_[next_] <= upto; ++next_) cut_all(boundaries_[next_]);
  }
  void cut_all(int at) {
    for (std::size_t i = 0; i < open_.size(); ++i) cut(i, at);
  }
  // Emits what lies before `at`.
  void cut(std::size_t kind, int at) {
    auto& open = open_.at(kind);
    auto end = std::min(open.end, at);
    if (open.end <= open.begin || open.begin >= end) return;
    TextEntity e;
    e.type = kSplittable.at(kind);
    e.offset = open.begin;
    e.length = end - open.begin;
    out_.push_back(std::move(e));
    open = end == open.end ? Span{} : Span{end, open.end};
  }

  std::vector<int> boundaries_;
  std::size_t next_ = 0;
  std::array<Span, kSplittable.size()> open_{};
  std::vector<TextEntity> out_;
};

bool is_dropped(char32_t c) {  // contracts: Telegram 3.1, step 3
  return c == '\r' || (c >= 0x2028 && c <= 0x202E) || c == 0x333 || c == 0x33F || c == 0x30A;
}

// Removes and replaces characters; entities follow.
void clean(FormattedText& text) {
  std::string out;
  std::vector<int> moved{0};  // unit before -> unit after
  int units = 0;
  for (std::size_t at = 0; at < text.text.size();) {
    auto c = utf::next(text.text, at);
    bool dropped = is_dropped(c);
    if (!dropped) utf::append(out, c < 0x20 && c != '\n' ? U' ' : c);
    for (int i = 0; i < utf::units(c); ++i) {
      if (!dropped) ++units;
      moved.push_back(units);
    }
  }
  for (auto& e : text.entities) {
    auto end = moved[static_cast<std::size_t>(e.end())];
    e.offset = moved[static_cast<std::size_t>(e.offset)];
    e.length = end - e.offset;
  }
  text.text = std::move(out);
}

void trim(FormattedText& text) {
  auto last = text.text.find_last_not_of(" \n");
  text.text.resize(last == std::string::npos ? 0 : last + 1);
  int units = utf::units_before(text.text, text.text.size());
  // Leading white space stays where an entity covers it.
  int first = units;
  for (const auto& e : text.entities) first = std::min(first, e.offset);
  int lead = 0;
  while (lead < first &&
         (text.text[static_cast<std::size_t>(lead)] == ' ' || text.text[static_cast<std::size_t>(lead)] == '\n'))
    ++lead;
  text.text.erase(0, static_cast<std::size_t>(lead));
  for (auto& e : text.entities) {
    auto end = std::min(e.end(), units) - lead;
    e.offset -= lead;
    e.length = end - e.offset;
  }
  std::erase_if(text.entities, [](const TextEntity& e) { return e.length <= 0; });
}

bool shows_nothing(std::string_view s) {
  for (std::size_t at = 0; at < s.size();) {
    auto c = utf::next(s, at);
    bool blank = utf::is_separator(c) || (c >= 0x200B && c <= 0x200F) || (c >= 0x2060 && c <= 0x2064) || c == 0x2800 ||
                 c == 0xAD || c == 0x180E || c == 0xFFFC;
    if (!blank) return false;
  }
  return true;
}

void add_automatic(FormattedText& text) {
  std::vector<TextEntity> taken;
  for (const auto& e : text.entities)
    if (is_code(e) || e.type == "text_link" || e.type == "text_mention" || e.type == "date_time") taken.push_back(e);
  for (auto& found : find_automatic(text.text)) {
    auto clash = [&found](const TextEntity& e) { return overlap(e, found); };
    auto crosses = [&found](const TextEntity& e) { return is_quote(e) && overlap(e, found) && !contains(e, found); };
    if (std::none_of(taken.begin(), taken.end(), clash) &&
        std::none_of(text.entities.begin(), text.entities.end(), crosses))
      text.entities.push_back(std::move(found));
  }
}

}  // namespace

Error bad_markup(const std::string& why) {
  return {ErrorKind::bad_input, "Bad Request: can't parse entities: " + why};
}

bool is_automatic(std::string_view type) {
  static const std::set<std::string_view> kKinds = {"mention", "hashtag", "cashtag",     "bot_command",
                                                    "url",     "email",   "phone_number"};
  return kKinds.contains(type);
}

std::vector<TextEntity> settle(std::vector<TextEntity> entities) {
  std::vector<TextEntity> solid, quotes, splittable, emoji;
  sort(entities);
  for (auto& e : entities) {
    if (e.length <= 0) continue;
    auto& kind = is_splittable(e) ? splittable : is_quote(e) ? quotes : e.type == "custom_emoji" ? emoji : solid;
    kind.push_back(std::move(e));
  }
  solid = without_overlaps(std::move(solid));
  quotes = without_overlaps(std::move(quotes));
  std::erase_if(solid, [&quotes](const TextEntity& e) {
    return std::any_of(quotes.begin(), quotes.end(),
                       [&e](const TextEntity& q) { return overlap(q, e) && !contains(q, e); });
  });
  std::vector<int> boundaries;
  std::vector<TextEntity> out(solid);
  out.insert(out.end(), quotes.begin(), quotes.end());
  for (const auto& e : out) {
    boundaries.push_back(e.offset);
    boundaries.push_back(e.end());
  }
  std::sort(boundaries.begin(), boundaries.end());
  auto pieces = Splitter(std::move(boundaries)).split(splittable);
  pieces.insert(pieces.end(), emoji.begin(), emoji.end());
  for (auto& piece : pieces) {
    auto hides = [&piece](const TextEntity& e) { return is_code(e) && overlap(e, piece); };
    if (std::none_of(solid.begin(), solid.end(), hides)) out.push_back(std::move(piece));
  }
  sort(out);
  return out;
}

Result<FormattedText> finish(FormattedText text, TextKind kind) {
  auto refuse = [](const char* why) { return Error(ErrorKind::bad_input, std::string("Bad Request: ") + why); };
  text.entities = settle(std::move(text.entities));
  clean(text);
  std::erase_if(text.entities, [](const TextEntity& e) { return e.length <= 0; });
  trim(text);
  if (kind == TextKind::message && shows_nothing(text.text)) return refuse("text must be non-empty");
  if (text::code_points(text.text) > (kind == TextKind::message ? 4096U : 1024U))
    return refuse(kind == TextKind::message ? "message is too long" : "message caption is too long");
  add_automatic(text);
  text.entities = settle(std::move(text.entities));
  return text;
}

}  // namespace broadsheet::fakes
