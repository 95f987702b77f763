#include "bot/app/rendering.hpp"

#include "adapters/matrix/matrix.hpp"
#include "adapters/preview/preview.hpp"
#include "adapters/slack/slack.hpp"
#include "adapters/telegram/telegram.hpp"
#include "bot/app/standalone.hpp"
#include "bot/delivery/plan.hpp"

namespace broadsheet::app {
namespace {

using adapters::Platform;
using model::OutgoingMessage;
using model::PlatformKind;
using model::Target;

std::vector<OutgoingMessage> messages_of(const Digest& digest, const Platform& platform) {
  model::Effective effective;
  effective.style = digest.key.style;
  return delivery::render_digest(digest, effective, platform, {});
}

Target shown_target(PlatformKind kind, const config::Settings& settings) {
  for (const auto& subscription : settings.subscriptions)
    if (auto target = Target::parse(subscription.target); target && target->platform == kind) return *target;
  switch (kind) {
    case PlatformKind::slack:
      return *Target::parse("slack:T0TEAM/C0CHANNEL");
    case PlatformKind::matrix:
      return *Target::parse("matrix:!your_room:example.org");
    default:
      return *Target::parse("telegram:@your_channel");
  }
}

// A platform that sends nothing. Rendering needs no token; an adapter insists on having one.
std::unique_ptr<Platform> unconnected(PlatformKind kind, config::Settings settings, Clock& clock, Standalone& alone) {
  if (kind == PlatformKind::telegram)
    return std::make_unique<telegram::Telegram>(settings.telegram, alone.client(), clock, alone.state(),
                                                telegram::TelegramOptions{});
  if (kind == PlatformKind::matrix) {
    config::Matrix some;
    some.user_id = "@you:example.org";
    some.root_msgtype = settings.matrix.root_msgtype;
    return std::move(*matrix::Matrix::make(some, {alone.client(), clock, alone.state(), {}, [] { return 0; }}));
  }
  settings.slack.mode = "socket";
  settings.slack.bot_token = settings.slack.app_token = config::Secret("none");
  return std::move(*slack::Slack::make(settings.slack, {}, {alone.client(), alone.websockets(), clock, alone.state()}));
}

}  // namespace

std::vector<std::string> request_formats() {
  return {"slack", "matrix", "telegram"};
}

std::vector<OutgoingMessage> preview_messages(const Digest& digest) {
  SystemClock clock;
  Standalone alone(clock);
  return messages_of(digest, preview::Preview(alone.state(), clock, alone.executor()));
}

std::string request_bodies(const Digest& digest, std::string_view format, const config::Settings& settings) {
  SystemClock clock;
  Standalone alone(clock);
  auto kind = model::parse_platform_kind(format).value_or(PlatformKind::telegram);
  auto platform = unconnected(kind, settings, clock, alone);
  delivery::PostOptions post;
  post.target = shown_target(kind, settings);
  post.group = "digest/" + digest.key.str();
  std::string out;
  for (const auto& row : delivery::rows_of(messages_of(digest, *platform), post))
    out += (out.empty() ? "[" : ",\n ") + platform->request_body({row.target, row.key, row.message, {}});
  return (out.empty() ? "[" : out) + "]\n";
}

}  // namespace broadsheet::app
