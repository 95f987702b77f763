#include "tests/fakes/telegram_text.hpp"

#include "bot/base/text.hpp"
#include "tests/fakes/telegram_markup.hpp"

namespace broadsheet::fakes {
namespace {

constexpr std::size_t kSourceBytes = 32768;
constexpr int kLargestOffset = 1'000'000;

Error refuse(const std::string& why) {
  return {ErrorKind::bad_input, "Bad Request: " + why};
}

Status check_source(std::string_view source, TextKind kind) {
  if (source.size() > kSourceBytes) return refuse("text is too long");
  if (source.empty() && kind == TextKind::message) return refuse("message text is empty");
  if (!text::is_valid_utf8(source)) return refuse("strings must be encoded in UTF-8");
  return {};
}

// Where the units of a text begin, as bytes; -1 inside a surrogate pair. One more for the end.
std::vector<int> unit_bytes(std::string_view s) {
  std::vector<int> out;
  for (std::size_t at = 0; at < s.size();) {
    out.push_back(static_cast<int>(at));
    if (utf::units(utf::next(s, at)) == 2) out.push_back(-static_cast<int>(at));
  }
  out.push_back(static_cast<int>(s.size()));
  return out;
}

Status check_place(const TextEntity& e, const std::vector<int>& bytes) {
  auto units = static_cast<int>(bytes.size()) - 1;
  if (e.offset < 0 || e.offset > kLargestOffset)
    return refuse("receive an entity with incorrect offset " + std::to_string(e.offset));
  if (e.length < 0 || e.length > kLargestOffset)
    return refuse("receive an entity with incorrect length " + std::to_string(e.length));
  if (e.length == 0) return {};
  auto byte = [&bytes](int unit) { return bytes[static_cast<std::size_t>(unit)]; };
  if (e.offset > units)
    return refuse("entity begins after the end of the text at UTF-16 offset " + std::to_string(e.offset));
  if (byte(e.offset) < 0)
    return refuse("entity begins in a middle of a UTF-16 symbol at byte offset " + std::to_string(-byte(e.offset)));
  auto begin = "entity beginning at UTF-16 offset " + std::to_string(e.offset);
  if (e.end() > units)
    return refuse(begin + " ends after the end of the text at UTF-16 offset " + std::to_string(e.end()));
  if (byte(e.end()) < 0)
    return refuse(begin + " ends in a middle of a UTF-16 symbol at byte offset " + std::to_string(-byte(e.end())));
  return {};
}

}  // namespace

Result<FormattedText> judge_marked_up(std::string_view source, std::string_view parse_mode, TextKind kind) {
  if (auto fine = check_source(source, kind); !fine) return fine.error();
  auto mode = text::lower_ascii(parse_mode);
  Result<FormattedText> parsed(FormattedText{std::string(source), {}});
  if (mode == "html")
    parsed = parse_html(source);
  else if (mode == "markdownv2")
    parsed = parse_markdown_v2(source);
  else if (mode == "markdown")
    parsed = parse_legacy_markdown(source);
  else if (!mode.empty() && mode != "none")
    return refuse("unsupported parse_mode");
  if (!parsed) return parsed;
  return finish(std::move(*parsed), kind);
}

Result<FormattedText> judge_entities(std::string_view source, std::vector<TextEntity> entities, TextKind kind) {
  if (auto fine = check_source(source, kind); !fine) return fine.error();
  FormattedText out{std::string(source), {}};
  auto bytes = unit_bytes(source);
  for (auto& e : entities) {
    if (e.type == "text_link")
      if (auto url = checked_url(e.url); !url)
        return refuse("entity URL '" + e.url + "' is invalid: " + url.error().what());
    if (is_automatic(e.type)) continue;
    if (auto fine = check_place(e, bytes); !fine) return fine.error();
    if (e.length == 0) continue;
    if (e.type == "text_link") link_to(e, std::string(e.url));
    if (e.type == "text_mention") e.url.clear();
    out.entities.push_back(std::move(e));
  }
  return finish(std::move(out), kind);
}

}  // namespace broadsheet::fakes
