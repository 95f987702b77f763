#include "adapters/telegram/validate.hpp"

#include <algorithm>
#include <vector>

#include "adapters/telegram/split.hpp"
#include "adapters/telegram/utf.hpp"
#include "bot/base/text.hpp"

namespace broadsheet::telegram {
namespace {

constexpr std::size_t kMostBytes = 32768;

Error no(std::string_view why) {
  return {ErrorKind::bad_input, "Bad Request: " + std::string(why)};
}

bool removed(char32_t c) {
  return c == '\r' || (c >= 0x2028 && c <= 0x202E) || c == 0x333 || c == 0x33F || c == 0x30A;
}

// Shows nothing: a text of these alone is refused as empty.
bool shows_nothing(char32_t c) {
  return c <= ' ' || c == 0xA0 || c == 0x2800 || c == 0xAD || (c >= 0x2000 && c <= 0x200F) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || c == 0x3000;
}

bool good_url(std::string_view url) {
  auto scheme = url.find("://");
  if (scheme != std::string_view::npos) {
    auto name = text::lower_ascii(url.substr(0, scheme));
    if (name == "tg") return url.size() > scheme + 3;
    if (name != "http" && name != "https") return false;
    url.remove_prefix(scheme + 3);
  }
  auto host = url.substr(0, url.find_first_of("/?#"));
  return host.find('.') != std::string_view::npos && !host.starts_with('.') &&
         std::none_of(host.begin(), host.end(), [](char c) { return c <= ' '; });
}

// For each UTF-16 offset up to the end: true if it stands between characters.
std::vector<bool> boundaries(std::string_view s) {
  std::vector<bool> out;
  for (std::size_t i = 0; i < s.size();) {
    out.push_back(true);
    if (units_of(next_code_point(s, i)) == 2) out.push_back(false);
  }
  out.push_back(true);
  return out;
}

Status check_entities(const FormattedText& message) {
  auto between = boundaries(message.text);
  for (const auto& e : message.entities) {
    if (e.length == 0) continue;  // dropped
    if (e.offset >= between.size() || e.length >= between.size() - e.offset)
      return no("entity begins or ends after the end of the text");
    if (!between[e.offset]) return no("entity begins in a middle of a UTF-16 symbol");
    if (!between[e.offset + e.length]) return no("entity ends in a middle of a UTF-16 symbol");
    if (e.type == EntityType::text_link && !good_url(e.url)) return no("entity URL is invalid");
  }
  Limits limits;
  auto m = measure(message);
  if (m.entities > limits.entities) return no("more than 100 entities");  // the server drops the rest without a word
  if (m.entity_bytes > limits.entity_bytes) return no("ENTITIES_TOO_LONG");
  return {};
}

// White space at the beginning stays where an entity covers it (contracts: Telegram 3.1).
std::string_view trimmed(const FormattedText& message, std::string_view cleaned) {
  while (!cleaned.empty() && is_blank(cleaned.back())) cleaned.remove_suffix(1);
  bool covered = std::any_of(message.entities.begin(), message.entities.end(),
                             [](const Entity& e) { return e.offset == 0 && e.length > 0; });
  while (!covered && !cleaned.empty() && is_blank(cleaned.front())) cleaned.remove_prefix(1);
  return cleaned;
}

}  // namespace

std::string as_the_server_cleans(std::string_view s) {
  std::string out;
  for (std::size_t i = 0; i < s.size();) {
    auto c = next_code_point(s, i);
    if (removed(c)) continue;
    append_utf8(out, c < ' ' && c != '\n' ? U' ' : c);
  }
  return out;
}

Status validate(const FormattedText& message, Use use) {
  if (message.text.empty()) return no("message text is empty");
  if (!text::is_valid_utf8(message.text)) return no("strings must be encoded in UTF-8");
  if (message.text.size() > kMostBytes) return no("text is too long");
  if (auto entities = check_entities(message); !entities) return entities;
  auto cleaned = as_the_server_cleans(message.text);
  auto shown = trimmed(message, cleaned);
  bool visible = false;
  for (std::size_t i = 0; i < shown.size() && !visible;) visible = !shows_nothing(next_code_point(shown, i));
  if (!visible) return no("text must be non-empty");
  if (text::code_points(shown) > (use == Use::message ? 4096U : 1024U))
    return no(use == Use::message ? "message is too long" : "message caption is too long");
  return {};
}

}  // namespace broadsheet::telegram
