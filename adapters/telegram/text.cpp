#include "adapters/telegram/text.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "adapters/telegram/utf.hpp"
#include "bot/base/text.hpp"
#include "digest/model/category.hpp"

namespace broadsheet::telegram {
namespace {

constexpr std::string_view kZeroWidthSpace = "\xE2\x80\x8B";
constexpr std::string_view kIsolate = "\xE2\x81\xA8";     // U+2068: direction by the first strong character
constexpr std::string_view kEndIsolate = "\xE2\x81\xA9";  // U+2069
constexpr std::size_t kLongestUrl = 2048;
constexpr int kMostMarks = 3;  // combining marks in a row: more is not writing

struct Range {
  char32_t first, last;
};

template <std::size_t N>
bool in(char32_t c, const std::array<Range, N>& ranges) {
  return std::any_of(ranges.begin(), ranges.end(), [c](Range r) { return c >= r.first && c <= r.last; });
}

// What the server removes (contracts: Telegram 3.1), direction controls, and characters that show nothing. Joiners
// stay: emoji and Persian need them.
constexpr std::array<Range, 14> kRemoved = {{{'\r', '\r'},
                                             {0xAD, 0xAD},
                                             {0x30A, 0x30A},
                                             {0x333, 0x333},
                                             {0x33F, 0x33F},
                                             {0x34F, 0x34F},
                                             {0x61C, 0x61C},
                                             {0x115F, 0x1160},
                                             {0x200B, 0x200B},
                                             {0x200E, 0x200F},
                                             {0x202A, 0x202E},
                                             {0x2060, 0x206F},
                                             {0xFEFF, 0xFEFF},
                                             {0xE0000, 0xE007F}}};
constexpr std::array<Range, 8> kSpaces = {{{0, 9},
                                           {11, 31},
                                           {0x7F, 0x9F},
                                           {0x2028, 0x2029},
                                           {0x2800, 0x2800},
                                           {0x3164, 0x3164},
                                           {0xFFA0, 0xFFA0},
                                           {0xFFF9, 0xFFFB}}};
constexpr std::array<Range, 5> kMarks = {
    {{0x300, 0x36F}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF}, {0xFE20, 0xFE2F}}};
constexpr std::array<Range, 5> kRightToLeft = {
    {{0x590, 0x8FF}, {0xFB1D, 0xFDFF}, {0xFE70, 0xFEFE}, {0x10800, 0x10FFF}, {0x1E800, 0x1EFFF}}};

bool is_printable_ascii(std::string_view s) {
  return std::all_of(s.begin(), s.end(), [](char c) { return (c >= 0x20 && c < 0x7F) || c == '\n'; });
}

bool has_right_to_left(std::string_view s) {
  for (std::size_t i = 0; i < s.size();)
    if (in(next_code_point(s, i), kRightToLeft)) return true;
  return false;
}

// Isolates end with their line, so each line gets its own.
std::string isolated(const std::string& s) {
  if (!has_right_to_left(s)) return s;
  std::string out;
  for (auto line : text::split(s, '\n')) {
    if (!out.empty()) out += '\n';
    if (has_right_to_left(line))
      out.append(kIsolate).append(line).append(kEndIsolate);
    else
      out += line;
  }
  return out;
}

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// s[i] is a dot between four numbers, which a full stop may follow.
bool in_address(std::string_view s, std::size_t i) {
  auto numeric = [](char c) { return is_digit(c) || c == '.'; };
  auto begin = i;
  while (begin > 0 && numeric(s[begin - 1])) --begin;
  auto end = i;
  while (end < s.size() && numeric(s[end])) ++end;
  return std::count(s.begin() + static_cast<std::ptrdiff_t>(begin), s.begin() + static_cast<std::ptrdiff_t>(end),
                    '.') >= 3;
}

// True if the server may find something that begins at, or goes on behind, s[i] (contracts: Telegram 3.5).
bool lures(std::string_view s, std::size_t i) {
  if (i + 1 >= s.size()) return false;
  char before = i == 0 ? ' ' : s[i - 1];
  char after = s[i + 1];
  bool goes_on = is_word_char(after) || beyond_ascii(after);
  switch (s[i]) {
    case '@':
      return goes_on;
    case '#':
      return goes_on;
    case '$':
      return is_upper(after) || s.substr(i + 1).starts_with("1INCH");
    case '/':
      return is_word_char(after) && !is_word_char(before) && before != '/' && before != '<' && before != '>';
    case ':':
      return after == '/';
    case '.':
      if (is_digit(before) && is_digit(after)) return in_address(s, i);
      // No domain ends in one letter: "i.e." is left alone.
      return !is_blank(before) && before != '.' && goes_on && !is_digit(after) &&
             (beyond_ascii(after) ||
              (i + 2 < s.size() && (is_word_char(s[i + 2]) || s[i + 2] == '-' || beyond_ascii(s[i + 2]))));
    default:
      return false;
  }
}

// Pieces that are harmless one by one may make a domain where they meet: "see b." and "in.py".
bool lures_together(std::string_view before, std::string_view after) {
  constexpr std::size_t kSeen = 32;
  auto left = before.substr(before.size() - std::min(before.size(), kSeen));
  if (left.empty() || after.empty()) return false;
  auto both = std::string(left) + std::string(after.substr(0, kSeen));
  bool ending_grows = left.size() > 1 && left[left.size() - 2] == '.' && lures(both, left.size() - 2);  // ".c" + "om"
  return ending_grows || lures(both, left.size() - 1) || lures(both, left.size());
}

constexpr std::string_view kWideHash = "\xEF\xBC\x83";  // U+FF03, which begins a tag as well

bool word_before(std::string_view s, std::size_t i) {
  return i > 0 && (is_word_char(s[i - 1]) || beyond_ascii(s[i - 1]) || s[i - 1] == '-' || s[i - 1] == '.');
}

// Length of the category name that stands at s[i], or 0.
std::size_t category_at(std::string_view s, std::size_t i) {
  constexpr std::size_t kLongest = 20;
  if (s[i] < 'a' || s[i] > 'z' || word_before(s, i)) return 0;
  std::size_t end = i;
  while (end < s.size() && end - i <= kLongest &&
         ((is_word_char(s[end]) && !is_digit(s[end]) && s[end] != '_') || s[end] == '-' || s[end] == '.'))
    ++end;
  while (end > i && (s[end - 1] == '.' || s[end - 1] == '-')) --end;
  if (end < s.size() && (is_word_char(s[end]) || beyond_ascii(s[end]) || s[end] == '@')) return 0;
  auto word = s.substr(i, end - i);
  if (word.find('.') == std::string_view::npos) return 0;
  auto category = Category::parse(word);
  return category && category->str() == word ? word.size() : 0;
}

bool is_style(EntityType type) {
  return type <= EntityType::spoiler;
}
bool is_code(EntityType type) {
  return type == EntityType::code || type == EntityType::pre;
}

}  // namespace

std::string_view to_string(EntityType type) {
  constexpr std::array<std::string_view, 10> kNames = {
      "bold", "italic", "underline", "strikethrough", "spoiler",
      "code", "pre",    "text_link", "blockquote",    "expandable_blockquote"};
  return kNames.at(static_cast<std::size_t>(type));
}

std::string clean(std::string_view foreign) {
  if (is_printable_ascii(foreign)) return std::string(foreign);
  auto s = text::nfc(text::make_valid_utf8(foreign));
  std::string out;
  int marks = 0;
  for (std::size_t i = 0; i < s.size();) {
    auto c = next_code_point(s, i);
    if (in(c, kRemoved)) continue;
    marks = in(c, kMarks) ? marks + 1 : 0;
    if (marks > kMostMarks) continue;
    append_utf8(out, in(c, kSpaces) ? U' ' : c);
  }
  return isolated(text::nfc(out));  // what was removed may have kept a letter and its accent apart
}

std::string defused(std::string_view s) {
  std::string out;
  for (std::size_t i = 0; i < s.size(); ++i) {
    out += s[i];
    bool wide_hash = i >= 2 && s.substr(i - 2, 3) == kWideHash;
    if (wide_hash || lures(s, i)) out += kZeroWidthSpace;
  }
  return out;
}

// ---- Building -----------------------------------------------------------------------------------------------------

void TextBuilder::foreign(std::string_view text) {
  auto cleaned = clean(text);
  if (lures_together(text_, cleaned)) text_ += kZeroWidthSpace;
  words_with_categories(cleaned);
}

void TextBuilder::raw(std::string_view text) {
  text_ += clean(text);
}

void TextBuilder::words_with_categories(std::string_view s) {
  std::size_t from = 0;
  for (std::size_t i = 0; i < s.size();) {
    auto length = category_at(s, i);
    if (length == 0) {
      ++i;
      continue;
    }
    text_ += defused(s.substr(from, i - from));
    auto opened = open();
    text_ += s.substr(i, length);
    close(opened, EntityType::code);
    i += length;
    from = i;
  }
  text_ += defused(s.substr(from));
}

void TextBuilder::code(std::string_view text) {
  auto opened = open();
  raw(text);
  close(opened, EntityType::code);
}

void TextBuilder::link(std::string_view text, std::string_view url) {
  bool good = url.starts_with("https://") && url.size() <= kLongestUrl &&
              std::all_of(url.begin(), url.end(), [](char c) { return c > 0x20 && c < 0x7F; });
  if (!good) return foreign(text);
  auto opened = open();
  raw(text);
  close(opened, EntityType::text_link, url);
}

void TextBuilder::close(std::size_t opened, EntityType type, std::string_view url, std::string_view language) {
  auto end = text_.size();
  while (opened < end && is_blank(text_[opened])) ++opened;
  while (end > opened && is_blank(text_[end - 1])) --end;
  if (end > opened) spans_.push_back({type, opened, end, std::string(url), std::string(language)});
}

void TextBuilder::gap(std::size_t breaks) {
  while (!text_.empty() && is_blank(text_.back())) text_.pop_back();
  if (!text_.empty()) text_.append(breaks, '\n');
}

void TextBuilder::append(const FormattedText& other) {
  std::vector<std::size_t> byte_at;  // of each UTF-16 unit
  for (std::size_t i = 0; i < other.text.size();) {
    auto start = i;
    byte_at.insert(byte_at.end(), units_of(next_code_point(other.text, i)), start);
  }
  byte_at.push_back(other.text.size());
  for (const auto& e : other.entities)
    spans_.push_back({e.type, text_.size() + byte_at.at(e.offset), text_.size() + byte_at.at(e.offset + e.length),
                      e.url, e.language});
  text_ += other.text;
}

// The span as the server nests it (contracts: Telegram 3.2): styles leave out code and break at the ends of links.
// `hard` are code and links by position; they do not overlap.
void TextBuilder::add_broken(const Span& span, const std::vector<Span>& hard, std::vector<Span>& out) {
  auto add = [&](std::size_t begin, std::size_t end) {
    if (begin < end) out.push_back({span.type, begin, end, {}, {}});
  };
  auto next = std::partition_point(hard.begin(), hard.end(), [&](const Span& h) { return h.end <= span.begin; });
  auto at = span.begin;
  for (; next != hard.end() && next->begin < span.end; ++next) {
    add(at, next->begin);
    auto end = std::min(next->end, span.end);
    if (!is_code(next->type)) add(std::max(at, next->begin), end);
    at = std::max(at, end);
  }
  add(at, span.end);
}

std::vector<TextBuilder::Span> TextBuilder::nested() const {
  std::vector<Span> hard;
  std::copy_if(spans_.begin(), spans_.end(), std::back_inserter(hard),
               [](const Span& s) { return is_code(s.type) || s.type == EntityType::text_link; });
  std::sort(hard.begin(), hard.end(), [](const Span& a, const Span& b) { return a.begin < b.begin; });
  std::vector<Span> out;
  for (const auto& span : spans_) {
    if (is_style(span.type))
      add_broken(span, hard, out);
    else
      out.push_back(span);
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Span& a, const Span& b) { return std::pair(a.begin, b.end) < std::pair(b.begin, a.end); });
  return out;
}

FormattedText TextBuilder::take() && {
  gap(0);
  std::vector<std::size_t> unit_at(text_.size() + 1, 0);
  std::size_t units = 0;
  for (std::size_t i = 0; i < text_.size();) {
    auto start = i;
    auto width = units_of(next_code_point(text_, i));
    std::fill(unit_at.begin() + static_cast<std::ptrdiff_t>(start), unit_at.begin() + static_cast<std::ptrdiff_t>(i),
              units);
    units += width;
  }
  unit_at.back() = units;
  FormattedText out;
  for (const auto& span : nested()) {
    auto begin = unit_at.at(span.begin);
    out.entities.push_back({span.type, begin, unit_at.at(span.end) - begin, span.url, span.language});
  }
  out.text = std::move(text_);
  return out;
}

}  // namespace broadsheet::telegram
