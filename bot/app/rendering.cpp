#include "bot/app/rendering.hpp"

#include "adapters/preview/preview.hpp"
#include "bot/app/platforms.hpp"
#include "bot/app/standalone.hpp"
#include "bot/delivery/plan.hpp"

namespace broadsheet::app {
namespace {

std::vector<model::OutgoingMessage> messages_of(const Digest& digest, const adapters::Platform& platform) {
  model::Effective effective;
  effective.style = digest.key.style;
  return delivery::render_digest(digest, effective, platform, {});
}

}  // namespace

std::vector<std::string> request_formats() {
  std::vector<std::string> out;
  for (const auto& module : platform_modules()) out.push_back(module.traits().name.str());
  return out;
}

std::vector<model::OutgoingMessage> preview_messages(const Digest& digest) {
  SystemClock clock;
  Standalone alone(clock);
  return messages_of(digest, preview::Preview(alone.state(), clock, alone.executor()));
}

Result<std::string> request_bodies(const Digest& digest, std::string_view name, const config::Settings& settings) {
  const auto* module = find_platform_module(name);
  if (module == nullptr) return Error(ErrorKind::bad_input, "there is no platform \"" + std::string(name) + "\"");
  SystemClock clock;
  Standalone alone(clock);
  auto platform = module->unconnected(settings, alone.doors());
  delivery::PostOptions post;
  post.target = shown_target(platform->traits(), settings);
  post.group = "digest/" + digest.key.str();
  std::string out;
  for (const auto& row : delivery::rows_of(messages_of(digest, *platform), post))
    out += (out.empty() ? "[" : ",\n ") + platform->request_body({row.target, row.key, row.message, {}});
  return (out.empty() ? "[" : out) + "]\n";
}

}  // namespace broadsheet::app
