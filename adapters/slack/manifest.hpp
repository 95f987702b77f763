// The app manifest, made from what this adapter answers to, so that names, addresses, events and scopes cannot drift
// from the code (contracts: Slack 12).
#pragma once

#include <string>
#include <vector>

namespace broadsheet::slack {

struct ManifestOptions {
  std::string base_url;  // https://bot.example.org; unused with socket_mode
  bool socket_mode = false;
  std::string command = "/arxiv";
  bool oauth = false;  // installation in many workspaces
};
// What the bot asks for at installation; two are needed, the others each unlock one ability.
std::vector<std::string> needed_scopes();
std::vector<std::string> optional_scopes();
// JSON, two spaces of indent.
std::string manifest(const ManifestOptions& options);

}  // namespace broadsheet::slack
