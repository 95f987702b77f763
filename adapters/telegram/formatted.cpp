#include "adapters/telegram/formatted.hpp"

#include <algorithm>

#include "adapters/telegram/limits.hpp"
#include "bot/base/text.hpp"

namespace broadsheet::telegram {
namespace {

constexpr std::string_view kJoiner = "\xE2\x81\xA0";  // U+2060: in no pattern of the server's detectors

bool is_word(char c) {
  auto u = static_cast<unsigned char>(c);
  return u >= 0x80 || (u >= '0' && u <= '9') || (u >= 'A' && u <= 'Z') || (u >= 'a' && u <= 'z') || u == '_';
}
bool is_letter(char c) {
  return is_word(c) && (c < '0' || c > '9') && c != '_';
}

// True where a pattern would begin to match between s[i] and s[i + 1].
bool joins(std::string_view s, std::size_t i) {
  if (i + 1 >= s.size()) return false;
  char c = s[i], next = s[i + 1];
  switch (c) {
    case '@':
    case '#':
    case '$':
      return is_word(next);
    case '/':
      return is_word(next) && (i == 0 || !is_word(s[i - 1]));
    case ':':
      return next == '/';
    case '.':
      return i > 0 && is_word(s[i - 1]) && is_letter(next);
    default:
      return false;
  }
}

std::size_t units_of(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xC0) return 0;  // continuation
  return lead >= 0xF0 ? 2 : 1;
}

std::size_t bytes_of(const Entity& entity) {
  return entity.type.size() + entity.url.size() + entity.language.size() + 24;
}

// Byte offset of each UTF-16 offset that begins a character, for cutting.
std::size_t byte_at(std::string_view s, std::size_t unit) {
  std::size_t units = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (units >= unit && units_of(static_cast<unsigned char>(s[i])) != 0) return i;
    units += units_of(static_cast<unsigned char>(s[i]));
  }
  return s.size();
}

// The entities between two offsets, cut to them and counted from the first.
std::vector<Entity> between(const std::vector<Entity>& entities, std::size_t from, std::size_t to) {
  std::vector<Entity> out;
  for (const auto& entity : entities) {
    auto begin = std::max(entity.offset, from), end = std::min(entity.offset + entity.length, to);
    if (begin >= end) continue;
    auto cut = entity;
    cut.offset = begin - from;
    cut.length = end - begin;
    out.push_back(std::move(cut));
  }
  return out;
}

bool within_budget(const std::vector<Entity>& entities) {
  std::size_t bytes = 0;
  for (const auto& entity : entities) bytes += bytes_of(entity);
  return entities.size() <= kEntities && bytes <= kEntityBytes;
}

// The best place to end a piece that may hold `bytes` of `s`: never inside a grapheme.
std::size_t cut_at(std::string_view s, std::size_t bytes) {
  if (bytes >= s.size()) return s.size();
  auto window = s.substr(0, bytes);
  for (std::string_view mark : {"\n\n", "\n", ". ", " "}) {
    auto at = window.rfind(mark);
    if (at != std::string_view::npos && at + mark.size() > bytes / 4) return at + mark.size();
  }
  auto breaks = text::grapheme_breaks(window);
  return breaks.size() > 2 ? breaks[breaks.size() - 2] : bytes;
}

}  // namespace

std::string defused(std::string_view words) {
  std::string out;
  out.reserve(words.size());
  for (std::size_t i = 0; i < words.size(); ++i) {
    out += words[i];
    if (joins(words, i)) out += kJoiner;
  }
  return out;
}

void Composer::append(std::string_view words) {
  out_.text += words;
  for (char c : words) units_ += units_of(static_cast<unsigned char>(c));
}

void Composer::mark(std::string_view type, std::size_t from, const std::string& url) {
  if (units_ > from) out_.entities.push_back({std::string(type), from, units_ - from, url, {}});
}

void Composer::text(std::string_view words, std::string_view type) {
  auto from = units_;
  bool literal = type == "code" || type == "pre";  // nothing is detected there
  auto clean = text::nfc(text::make_valid_utf8(words));
  append(literal ? clean : defused(clean));
  if (!type.empty()) mark(type, from);
}

void Composer::link(std::string_view words, const std::string& url) {
  auto from = units_;
  append(text::nfc(text::make_valid_utf8(words)));  // inside a link nothing is detected
  mark("text_link", from, url);
}

void Composer::paragraph_break() {
  if (out_.text.empty()) return;
  while (!out_.text.ends_with("\n\n")) append("\n");
}

FormattedText Composer::finish() const {
  auto out = out_;
  auto keep = text::trim(out.text);
  auto front = static_cast<std::size_t>(keep.data() - out.text.data());
  auto end = text::utf16_length(keep);
  out.entities = between(out.entities, front, front + end);  // white space is ASCII: bytes are units
  out.text = std::string(keep);
  std::stable_sort(out.entities.begin(), out.entities.end(), [](const Entity& a, const Entity& b) {
    return a.offset != b.offset ? a.offset < b.offset : a.length > b.length;
  });
  return out;
}

std::string refusal(const FormattedText& text) {
  if (text::trim(text.text).empty()) return "the text is empty";
  if (!text::is_valid_utf8(text.text)) return "the text is not UTF-8";
  if (text.text.size() > kSourceBytes) return "the text is longer than 32768 bytes";
  auto units = text::utf16_length(text.text);
  if (units > kTextUnits) return "the text is longer than 4096 units";
  if (!within_budget(text.entities)) return "too many entities";
  for (const auto& entity : text.entities) {
    if (entity.length == 0 || entity.offset + entity.length > units) return "an entity reaches beyond the text";
    for (auto unit : {entity.offset, entity.offset + entity.length}) {
      auto at = byte_at(text.text, unit);
      if (text::utf16_length(std::string_view(text.text).substr(0, at)) != unit)
        return "an entity begins or ends inside a character";
    }
    if (entity.type == "text_link" && !entity.url.starts_with("http")) return "a link without a web address";
  }
  return {};
}

std::vector<FormattedText> split(const FormattedText& whole) {
  std::vector<FormattedText> out;
  std::string_view rest = whole.text;
  std::size_t from = 0;  // units before `rest`
  while (!rest.empty()) {
    auto bytes = byte_at(rest, kTextUnits);
    auto cut = cut_at(rest, bytes);
    auto entities = between(whole.entities, from, from + text::utf16_length(rest.substr(0, cut)));
    while (!within_budget(entities) && cut > 1) {
      cut = cut_at(rest, cut * 3 / 4);
      entities = between(whole.entities, from, from + text::utf16_length(rest.substr(0, cut)));
    }
    FormattedText piece{std::string(rest.substr(0, cut)), std::move(entities)};
    auto kept = text::trim(piece.text);
    auto front = static_cast<std::size_t>(kept.data() - piece.text.data());
    auto units = text::utf16_length(kept);
    piece.entities = between(piece.entities, front, front + units);
    piece.text = std::string(kept);
    from += text::utf16_length(rest.substr(0, cut));
    rest.remove_prefix(cut);
    if (!piece.text.empty()) out.push_back(std::move(piece));
  }
  return out;
}

}  // namespace broadsheet::telegram
