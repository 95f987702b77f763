#include "adapters/slack/manifest.hpp"

#include <nlohmann/json.hpp>

namespace broadsheet::slack {
namespace {

using json = nlohmann::ordered_json;

json shortcuts() {
  return json::array({{{"name", "Build a digest"},
                       {"type", "global"},
                       {"callback_id", "digest"},
                       {"description", "Sends you the latest digest"}},
                      {{"name", "Explain this paper"},
                       {"type", "message"},
                       {"callback_id", "explain_paper"},
                       {"description", "Shows a card for the paper this message links"}}});
}

json features(const ManifestOptions& o) {
  json command = {{"command", o.command}};
  if (!o.socket_mode) command["url"] = o.base_url + "/slack/command";
  command["description"] = "Daily arXiv digests, papers and search";
  command["usage_hint"] = o.usage_hint;
  command["should_escape"] = false;
  json out = {{"app_home",
               {{"home_tab_enabled", true}, {"messages_tab_enabled", true}, {"messages_tab_read_only_enabled", false}}},
              {"bot_user", {{"display_name", "arxiv-digest"}, {"always_online", true}}},
              {"slash_commands", json::array({command})},
              {"shortcuts", shortcuts()}};
  if (o.unfurls) out["unfurl_domains"] = json::array({"arxiv.org"});
  return out;
}

json oauth(const ManifestOptions& o) {
  json out = json::object();
  // Installation goes through a browser in both modes.
  if (o.oauth && o.base_url.starts_with("https://")) out["redirect_urls"] = json::array({o.base_url + "/slack/oauth"});
  // All are asked for; the second list says which of them an admin may refuse.
  json all = needed_scopes(), optional = json::array();
  for (const auto& scope : optional_scopes(o.unfurls)) {
    all.push_back(scope.name);
    optional.push_back(scope.name);
  }
  out["scopes"] = {{"bot", std::move(all)}, {"bot_optional", std::move(optional)}};
  return out;
}

json settings(const ManifestOptions& o) {
  json events = json::object(), interactivity = {{"is_enabled", true}};
  if (!o.socket_mode) {
    events["request_url"] = o.base_url + "/slack/events";
    interactivity["request_url"] = o.base_url + "/slack/interactive";
    interactivity["message_menu_options_url"] = o.base_url + "/slack/options";
  }
  events["bot_events"] = {"app_home_opened",       "app_mention",        "app_uninstalled", "channel_archive",
                          "channel_deleted",       "channel_id_changed", "channel_left",    "channel_unarchive",
                          "group_archive",         "group_deleted",      "group_left",      "group_unarchive",
                          "member_joined_channel", "message.channels",   "message.groups",  "message.im",
                          "tokens_revoked"};
  if (o.unfurls) events["bot_events"].push_back("link_shared");
  return {{"event_subscriptions", events},
          {"interactivity", interactivity},
          {"org_deploy_enabled", o.oauth},
          {"socket_mode_enabled", o.socket_mode},
          {"token_rotation_enabled", o.oauth}};
}

}  // namespace

// Least privilege (contracts: Slack 12).
std::vector<std::string> needed_scopes() {
  return {"commands", "chat:write"};
}

std::vector<OptionalScope> optional_scopes(bool unfurls) {
  std::vector<OptionalScope> out = {
      {"app_mentions:read", "commands by mention"},
      {"channels:history", "`!arxiv` in threads and recovery without doubles, public channels"},
      {"channels:read", "who created a public channel, and so manages it"},
      {"chat:write.public", "posting into public channels without an invitation"},
      {"groups:history", "`!arxiv` in threads and recovery without doubles, private channels"},
      {"groups:read", "who created a private channel, and so manages it"},
      {"im:history", "commands in direct messages"},
      {"im:write", "private answers as direct messages"},
      {"users:read", "who is an admin or a guest"}};
  if (unfurls) {
    out.push_back({"links:read", "cards under pasted links"});
    out.push_back({"links:write", "cards under pasted links"});
  }
  return out;
}

std::string manifest(const ManifestOptions& options) {
  json out = {{"_metadata", {{"major_version", 2}, {"minor_version", 1}}},
              {"display_information",
               {{"name", "arXiv Digest"},
                {"description", "Daily arXiv digests and paper search"},
                {"background_color", "#1F2937"}}},
              {"features", features(options)},
              {"oauth_config", oauth(options)},
              {"settings", settings(options)}};
  return out.dump(2) + "\n";
}

}  // namespace broadsheet::slack
