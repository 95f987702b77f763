#include "bot/app/rendering.hpp"

#include "adapters/preview/preview.hpp"
#include "adapters/telegram/telegram.hpp"
#include "bot/app/standalone.hpp"
#include "bot/delivery/plan.hpp"

namespace broadsheet::app {
namespace {

using adapters::OutgoingMessage;
using adapters::Platform;
using adapters::PlatformKind;
using adapters::Target;

std::vector<OutgoingMessage> messages_of(const Digest& digest, const Platform& platform) {
  delivery::Effective effective;
  effective.style = digest.key.style;
  return delivery::render_digest(digest, effective, platform, {});
}

Target shown_target(PlatformKind kind, const config::Settings& settings) {
  for (const auto& subscription : settings.subscriptions)
    if (auto target = Target::parse(subscription.target); target && target->platform == kind) return *target;
  return *Target::parse("telegram:@your_channel");
}

}  // namespace

std::vector<std::string> request_formats() {
  return {"telegram"};
}

std::vector<OutgoingMessage> preview_messages(const Digest& digest) {
  SystemClock clock;
  Standalone alone(clock);
  return messages_of(digest, preview::Preview(alone.state(), clock, alone.executor()));
}

std::string request_bodies(const Digest& digest, std::string_view /*platform*/, const config::Settings& settings) {
  SystemClock clock;
  Standalone alone(clock);
  telegram::Telegram platform(settings.telegram, alone.client(), clock, alone.state(), {});
  delivery::PostOptions post;
  post.target = shown_target(PlatformKind::telegram, settings);
  post.group = "digest/" + digest.key.str();
  std::string out;
  for (const auto& row : delivery::rows_of(messages_of(digest, platform), post))
    out += (out.empty() ? "[" : ",\n ") + platform.request_body({row.target, row.key, row.message, {}});
  return (out.empty() ? "[" : out) + "]\n";
}

}  // namespace broadsheet::app
