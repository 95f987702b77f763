// `slack manifest`: what Slack's "create an app from a manifest" asks for, made from the configuration.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "adapters/slack/manifest.hpp"
#include "bot/cli/session.hpp"
#include "bot/commands/spec.hpp"

namespace broadsheet::cli {
namespace {

struct ManifestWords {
  std::string base_url, command = "/arxiv";
  bool socket_mode = false, http = false;
};

void print_manifest(Session& session, const ManifestWords& words) {
  const auto* settings = session.settings();
  if (settings == nullptr) return;
  slack::ManifestOptions options;
  options.base_url = words.base_url.empty() ? settings->service.public_url : words.base_url;
  while (options.base_url.ends_with('/')) options.base_url.pop_back();
  options.socket_mode = words.socket_mode || (!words.http && settings->slack.mode != "http");
  options.command = words.command;
  options.usage_hint = commands::usage_hint();
  options.oauth = !settings->slack.client_id.empty();
  options.unfurls = !settings->slack.unfurl_teams.empty();
  if (!options.socket_mode && !options.base_url.starts_with("https://"))
    return session.fail(kUsage,
                        "Slack calls HTTP apps at a public https address: give --base-url https://…, set "
                        "service.public_url, or print the manifest with --socket-mode");
  std::cout << slack::manifest(options);
}

}  // namespace

void add_slack_commands(CLI::App& app, Session& session) {
  auto* slack = app.add_subcommand("slack", "Set-up of the Slack app");
  slack->require_subcommand(1);
  auto* command = slack->add_subcommand(
      "manifest", "Print the app manifest for this configuration; paste it at api.slack.com under Create New App");
  auto words = std::make_shared<ManifestWords>();
  command->add_option("--base-url", words->base_url, "Public https address (default: service.public_url)")
      ->type_name("URL");
  auto* socket = command->add_flag("--socket-mode", words->socket_mode, "Without a public address");
  command->add_flag("--http", words->http, "With a public address (default: slack.mode)")->excludes(socket);
  command->add_option("--command", words->command, "Name of the slash command")
      ->check([](const std::string& name) {
        constexpr std::size_t kLongest = 32;
        bool good = name.size() > 1 && name.size() <= kLongest && name.starts_with('/') &&
                    name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_", 1) == std::string::npos;
        return good ? std::string() : "write a slash and lower-case letters, at most 32 characters: /arxiv";
      })
      ->type_name("WORD");
  command->callback([&session, words] { print_manifest(session, *words); });
}

}  // namespace broadsheet::cli
