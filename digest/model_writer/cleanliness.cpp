#include "digest/model_writer/cleanliness.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "bot/base/text.hpp"
#include "bot/base/words.hpp"
#include "digest/latex/scan.hpp"

namespace broadsheet::model_writer {
namespace {

struct Range {
  char32_t first, last;
};
// Controls, invisible and directional characters, private use, tags, variation selectors, the replacement character.
constexpr auto kUnseen = std::to_array<Range>({{0, 0x1F},
                                               {0x7F, 0x9F},
                                               {0xAD, 0xAD},
                                               {0x34F, 0x34F},
                                               {0x61C, 0x61C},
                                               {0x115F, 0x1160},
                                               {0x17B4, 0x17B5},
                                               {0x180B, 0x180F},
                                               {0x200B, 0x200F},
                                               {0x2028, 0x202E},
                                               {0x2060, 0x206F},
                                               {0x3164, 0x3164},
                                               {0xE000, 0xF8FF},
                                               {0xFE00, 0xFE0F},
                                               {0xFEFF, 0xFEFF},
                                               {0xFFA0, 0xFFA0},
                                               {0xFFF0, 0xFFFF},
                                               {0xE0000, 0x10FFFF}});

bool has_unseen(std::string_view text) {
  while (!text.empty()) {
    auto c = latex::take_code_point(text);
    if (std::any_of(kUnseen.begin(), kUnseen.end(), [c](Range r) { return c >= r.first && c <= r.last; })) return true;
  }
  return false;
}

bool is_letter(char c) {
  return latex::is_letter(c);
}

bool has(std::string_view text, std::string_view what) {
  return text.find(what) != std::string_view::npos;
}

constexpr auto kEndings = std::to_array<std::string_view>(
    {"com",  "org",   "net",  "io",    "ai",   "dev", "app", "co",  "cn",   "de",      "fr",      "jp",   "ru",
     "uk",   "eu",    "us",   "info",  "biz",  "me",  "tv",  "xyz", "site", "online",  "top",     "link", "ly",
     "gg",   "sh",    "to",   "edu",   "gov",  "cc",  "in",  "at",  "ch",   "example", "invalid", "test", "onion",
     "page", "cloud", "tech", "store", "club", "pro", "im",  "is",  "it",   "es"});

// "name.tld": a letter or digit before the dot, a known ending behind it, and no word going on.
bool has_domain(std::string_view lower) {
  for (std::size_t dot = lower.find('.'); dot != std::string_view::npos; dot = lower.find('.', dot + 1)) {
    if (dot == 0 || !(is_letter(lower[dot - 1]) || latex::is_digit(lower[dot - 1]))) continue;
    auto end = dot + 1;
    while (end < lower.size() && is_letter(lower[end])) ++end;
    auto ending = lower.substr(dot + 1, end - dot - 1);
    if (std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end()) return true;
  }
  return false;
}

bool has_link(const std::string& lower) {
  for (auto sign : {"://", "www.", "http:", "https:", "mailto:", "tg:", "data:", "javascript:", "matrix.to", "arxiv:"})
    if (has(lower, sign)) return true;
  return has_domain(lower);
}

// "Recall@10", "pass@k": the sign of a metric.
bool is_metric(std::string_view text, std::size_t at) {
  bool named = at > 0 && (is_letter(text[at - 1]) || latex::is_digit(text[at - 1]));
  auto end = at + 1;
  while (end < text.size() && latex::is_digit(text[end])) ++end;
  if (end == at + 1 && end < text.size() && (text[end] == 'k' || text[end] == 'n')) ++end;
  return named && end > at + 1 && (end == text.size() || !is_letter(text[end]));
}

bool has_mention(std::string_view lower) {
  if (has(lower, "＠") || has(lower, "<!")) return true;
  for (auto at = lower.find('@'); at != std::string_view::npos; at = lower.find('@', at + 1))
    if (!is_metric(lower, at)) return true;
  for (std::size_t i = 0; i + 1 < lower.size(); ++i) {
    bool begins = i == 0 || lower[i - 1] == ' ' || lower[i - 1] == '(';
    if (begins && (lower[i] == '#' || lower[i] == '/') && is_letter(lower[i + 1])) return true;
    if (begins && lower[i] == '!' && is_letter(lower[i + 1])) return true;
  }
  return false;
}

// A sign that opens and closes around words.
bool has_pair(std::string_view text, char sign) {
  auto first = text.find(sign);
  return first != std::string_view::npos && text.find(sign, first + 1) != std::string_view::npos;
}

bool has_tag(std::string_view text) {
  for (std::size_t i = text.find('<'); i != std::string_view::npos; i = text.find('<', i + 1)) {
    auto next = i + 1 < text.size() ? text[i + 1] : ' ';
    if (is_letter(next) || next == '/' || next == '!' || next == '?') return true;
  }
  return false;
}

// "&lt;" and the like.
bool has_entity(std::string_view text) {
  for (std::size_t i = text.find('&'); i != std::string_view::npos; i = text.find('&', i + 1)) {
    auto end = text.find(';', i);
    if (end != std::string_view::npos && end - i <= 10 && end > i + 1 && !has(text.substr(i, end - i), " "))
      return true;
  }
  return false;
}

bool has_markup(std::string_view text) {
  for (auto sign : {"`", "\\", "](", "[[", "{{", "**", "__", "~~", "|"})
    if (has(text, sign)) return true;
  if (text.starts_with("- ") || text.starts_with("* ") || text.starts_with("> ") || text.starts_with("#")) return true;
  return has_pair(text, '*') || has_pair(text, '$') || has_tag(text) || has_entity(text) || has(text, " _") ||
         has(text, ":_");
}

bool has_label(std::string_view text) {
  auto colon = std::min(text.find(':'), text.find("："));
  if (colon == std::string_view::npos || colon > 24) return false;
  Folded head(text.substr(0, colon));
  for (const auto& label : phrases("chatter", "label"))
    if (head.line() == " " + label + " " || text::fold(text.substr(0, colon)) == label) return true;
  return false;
}

}  // namespace

Defect unclean(std::string_view text, const Folded& folded) {
  if (!text::is_valid_utf8(text) || has_unseen(text)) return Defect::characters;
  auto lower = text::lower_ascii(text);
  if (has_link(lower)) return Defect::link;
  if (has_mention(lower)) return Defect::mention;
  if (has_markup(text)) return Defect::markup;
  for (const auto& start : phrases("chatter", "start"))
    if (folded.begins(start)) return Defect::chatter;
  if (has_label(text) || has_any(folded, phrases("chatter", "anywhere"))) return Defect::chatter;
  if (has_any(folded, phrases("instruction", "any"))) return Defect::instruction;
  return Defect::none;
}

}  // namespace broadsheet::model_writer
