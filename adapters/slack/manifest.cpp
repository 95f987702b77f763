#include "adapters/slack/manifest.hpp"

#include <nlohmann/json.hpp>

namespace broadsheet::slack {
namespace {

using json = nlohmann::ordered_json;

json features(const ManifestOptions& o) {
  json command = {{"command", o.command}};
  if (!o.socket_mode) command["url"] = o.base_url + "/slack/command";
  command["description"] = "Daily arXiv digests, papers and search";
  command["usage_hint"] = "help | digest cs.CL | search <query> | subscribe <category>";
  command["should_escape"] = false;
  return {{"app_home",
           {{"home_tab_enabled", true}, {"messages_tab_enabled", true}, {"messages_tab_read_only_enabled", false}}},
          {"bot_user", {{"display_name", "arxiv-digest"}, {"always_online", true}}},
          {"slash_commands", json::array({command})},
          {"shortcuts", json::array({{{"name", "Build a digest"},
                                      {"type", "global"},
                                      {"callback_id", "digest"},
                                      {"description", "Sends you the latest digest"}},
                                     {{"name", "Explain this paper"},
                                      {"type", "message"},
                                      {"callback_id", "explain_paper"},
                                      {"description", "Shows a card for the paper this message links"}},
                                     {{"name", "Save paper"},
                                      {"type", "message"},
                                      {"callback_id", "save_paper"},
                                      {"description", "Puts the paper this message links on your reading list"}}})}};
}

json oauth(const ManifestOptions& o) {
  json out = json::object();
  if (o.oauth && !o.socket_mode) out["redirect_urls"] = json::array({o.base_url + "/slack/oauth"});
  out["scopes"] = {{"bot", needed_scopes()}, {"bot_optional", optional_scopes()}};
  return out;
}

json settings(const ManifestOptions& o) {
  json events = json::object(), interactivity = {{"is_enabled", true}};
  if (!o.socket_mode) {
    events["request_url"] = o.base_url + "/slack/events";
    interactivity["request_url"] = o.base_url + "/slack/interactive";
    interactivity["message_menu_options_url"] = o.base_url + "/slack/options";
  }
  events["bot_events"] = {"app_home_opened", "app_mention",        "app_uninstalled",       "channel_archive",
                          "channel_deleted", "channel_id_changed", "channel_left",          "group_archive",
                          "group_deleted",   "group_left",         "member_joined_channel", "message.channels",
                          "message.groups",  "message.im",         "tokens_revoked"};
  return {{"event_subscriptions", events},
          {"interactivity", interactivity},
          {"org_deploy_enabled", false},
          {"socket_mode_enabled", o.socket_mode},
          {"token_rotation_enabled", o.oauth}};
}

}  // namespace

// Least privilege (contracts: Slack 12).
std::vector<std::string> needed_scopes() {
  return {"commands", "chat:write"};
}

std::vector<std::string> optional_scopes() {
  return {"app_mentions:read", "chat:write.public", "channels:read", "groups:read", "channels:history",
          "groups:history",    "im:write",          "im:history",    "users:read"};
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
