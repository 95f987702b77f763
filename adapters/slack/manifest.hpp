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
  bool oauth = false;    // installation in many workspaces
  bool unfurls = false;  // cards under arxiv.org links that people paste
  std::string usage_hint = "help";
};
// What the bot asks for at installation; two are needed, the others each unlock one ability.
std::vector<std::string> needed_scopes();
struct OptionalScope {
  std::string name;
  std::string unlocks;  // "recovery without doubles in public channels"
};
std::vector<OptionalScope> optional_scopes(bool unfurls);
// JSON, two spaces of indent.
std::string manifest(const ManifestOptions& options);

}  // namespace broadsheet::slack
