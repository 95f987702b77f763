// Where messages go (spec: interfaces 2): slack:TEAM/CHANNEL · matrix:!room:server · telegram:CHAT[/TOPIC] ·
// preview:NAME. A Target is always well formed for its platform.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bot/base/result.hpp"

namespace broadsheet::model {

enum class PlatformKind : std::uint8_t { preview, telegram, slack, matrix };
std::string_view to_string(PlatformKind kind);  // "telegram"
std::optional<PlatformKind> parse_platform_kind(std::string_view text);

struct Target {
  PlatformKind platform = PlatformKind::preview;
  std::string workspace;  // Slack: team id; else empty
  std::string place;      // Slack channel id, Matrix room id, Telegram chat id or @channel, preview name
  std::string topic;      // Telegram forum topic, or empty

  // Errors (bad_input) say what the platform's form is.
  static Result<Target> parse(std::string_view text);
  std::string str() const;
  auto operator<=>(const Target&) const = default;
};

}  // namespace broadsheet::model
