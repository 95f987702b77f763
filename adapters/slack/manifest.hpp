// The app manifest, made from what this adapter answers to, so that names, addresses, events and scopes cannot drift
// from the code (contracts: Slack 12).
#pragma once

#include <string>

namespace broadsheet::slack {

struct ManifestOptions {
  std::string base_url;  // https://bot.example.org; unused with socket_mode
  bool socket_mode = false;
  std::string command = "/arxiv";
  bool oauth = false;  // installation in many workspaces
};
// JSON, two spaces of indent.
std::string manifest(const ManifestOptions& options);

}  // namespace broadsheet::slack
