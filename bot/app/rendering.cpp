#include "bot/app/rendering.hpp"

#include "adapters/matrix/matrix.hpp"
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
  return *Target::parse(kind == PlatformKind::matrix ? "matrix:!your_room:example.org" : "telegram:@your_channel");
}

// A platform that sends nothing, with or without credentials.
std::unique_ptr<Platform> shown_platform(PlatformKind kind, const config::Settings& settings, Standalone& alone,
                                         Clock& clock) {
  if (kind == PlatformKind::telegram)
    return std::make_unique<telegram::Telegram>(settings.telegram, alone.client(), clock, alone.state(),
                                                telegram::TelegramOptions{});
  config::Matrix some;
  some.user_id = "@you:example.org";
  some.root_msgtype = settings.matrix.root_msgtype;
  return std::move(*matrix::Matrix::make(some, {alone.client(), clock, alone.state(), {}, [] { return 0; }}));
}

}  // namespace

std::vector<std::string> request_formats() {
  return {"matrix", "telegram"};
}

std::vector<OutgoingMessage> preview_messages(const Digest& digest) {
  SystemClock clock;
  Standalone alone(clock);
  return messages_of(digest, preview::Preview(alone.state(), clock, alone.executor()));
}

std::string request_bodies(const Digest& digest, std::string_view platform_name, const config::Settings& settings) {
  SystemClock clock;
  Standalone alone(clock);
  auto kind = adapters::parse_platform_kind(platform_name).value_or(PlatformKind::telegram);
  auto platform = shown_platform(kind, settings, alone, clock);
  delivery::PostOptions post;
  post.target = shown_target(kind, settings);
  post.group = "digest/" + digest.key.str();
  std::string out;
  for (const auto& row : delivery::rows_of(messages_of(digest, *platform), post))
    out += (out.empty() ? "[" : ",\n ") + platform->request_body({row.target, row.key, row.message, {}});
  return (out.empty() ? "[" : out) + "]\n";
}

}  // namespace broadsheet::app
