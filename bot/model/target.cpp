#include "bot/model/target.hpp"

#include <algorithm>
#include <array>

#include "bot/base/names.hpp"

namespace broadsheet::model {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"preview", "telegram", "slack", "matrix"};
constexpr std::size_t kLongest = 255;  // Matrix room ids (contracts: Matrix); the others are shorter

bool all_of(std::string_view s, std::string_view also) {
  return !s.empty() && std::all_of(s.begin(), s.end(), [also](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           also.find(c) != std::string_view::npos;
  });
}

bool digits(std::string_view s) {
  return !s.empty() && s.size() <= 16 && s.front() != '0' &&
         std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool telegram_chat(std::string_view s) {
  if (s.starts_with('@')) return s.size() >= 4 && s.size() <= 33 && all_of(s.substr(1), "_");
  return digits(s.starts_with('-') ? s.substr(1) : s);
}

bool printable(std::string_view s) {
  return std::all_of(s.begin(), s.end(), [](unsigned char c) { return c > 0x20 && c != 0x7f; });
}

Error malformed(std::string_view text, std::string_view form) {
  return {ErrorKind::bad_input,
          "\"" + std::string(text.substr(0, 80)) + "\" is not a target; write " + std::string(form)};
}

}  // namespace

std::string_view to_string(PlatformKind kind) {
  return name_of(kNames, kind);
}

std::optional<PlatformKind> parse_platform_kind(std::string_view text) {
  return named<PlatformKind>(kNames, text);
}

Result<Target> Target::parse(std::string_view text) {
  auto colon = text.find(':');
  auto kind = parse_platform_kind(text.substr(0, colon));
  if (!kind || colon == std::string_view::npos || text.size() > kLongest + 20)
    return malformed(text, "slack:TEAM/CHANNEL, matrix:!room:server, telegram:CHAT[/TOPIC] or preview:NAME");
  auto rest = text.substr(colon + 1);
  Target out;
  out.platform = *kind;
  auto slash = rest.find('/');
  switch (*kind) {
    case PlatformKind::slack:
      if (slash == std::string_view::npos || !all_of(rest.substr(0, slash), "") || !all_of(rest.substr(slash + 1), ""))
        return malformed(text, "slack:TEAM/CHANNEL with the ids, as slack:T0123/C0456");
      out.workspace = rest.substr(0, slash);
      out.place = rest.substr(slash + 1);
      return out;
    case PlatformKind::telegram:
      out.place = rest.substr(0, slash);
      if (slash != std::string_view::npos) out.topic = rest.substr(slash + 1);
      if (!telegram_chat(out.place) || (slash != std::string_view::npos && !digits(out.topic)))
        return malformed(text, "telegram:CHAT or telegram:CHAT/TOPIC, as telegram:-1001234567890/7");
      return out;
    case PlatformKind::matrix:
      out.place = rest;
      if (!rest.starts_with('!') || rest.size() < 2 || rest.size() > kLongest || !printable(rest))
        return malformed(text, "matrix:!room:server");
      return out;
    case PlatformKind::preview:
      out.place = rest;
      if (!all_of(rest, "-_.") || rest.size() > 64) return malformed(text, "preview:NAME");
      return out;
  }
  return malformed(text, "a target");
}

std::string Target::str() const {
  std::string out = std::string(to_string(platform)) + ":";
  if (!workspace.empty()) out += workspace + "/";
  out += place;
  if (!topic.empty()) out += "/" + topic;
  return out;
}

}  // namespace broadsheet::model
