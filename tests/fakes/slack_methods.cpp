// The methods of the fake's Web API.
#include <algorithm>

#include "fake_slack.hpp"
#include "slack_payload.hpp"
#include "slack_replies.hpp"

namespace broadsheet::fakes {

using json = nlohmann::json;

void FakeSlack::check(const json& payload, bool view) {
  PayloadRules rules;
  rules.view = view;
  for (auto& fault : check_payload(payload, rules)) faults_.push_back(std::move(fault));
}

SlackMessage* FakeSlack::find(const std::string& channel, const std::string& ts) {
  auto it = std::find_if(posted_.begin(), posted_.end(),
                         [&](const SlackMessage& m) { return m.channel == channel && m.ts == ts && !m.deleted; });
  return it == posted_.end() ? nullptr : &*it;
}

std::optional<std::string> FakeSlack::refused(const std::string& channel) const {
  if (auto found = refused_.find(channel); found != refused_.end() && !found->second.empty()) return found->second;
  auto found = members_.find(channel);
  if (found != members_.end() && !found->second) return "not_in_channel";
  return std::nullopt;
}

// A bucket that fills at that rate; the moment of a call that fails changes nothing.
bool FakeSlack::take(const std::string& bucket, double per_second, double burst) {
  auto now = clock_.now();
  auto [it, fresh] = buckets_.try_emplace(bucket, Bucket{burst, now});
  auto& b = it->second;
  auto since = std::chrono::duration<double>(now - b.at).count();
  b.tokens = std::min(burst, b.tokens + since * per_second);
  b.at = now;
  if (b.tokens < 1) return false;
  b.tokens -= 1;
  return true;
}

// "About one a second per channel, short bursts allowed; several hundred a minute per workspace" (contracts: Slack 8).
std::optional<Reply> FakeSlack::too_fast(const std::string& channel) {
  heed("chat.postMessage " + channel);
  if (auto limit = limited_channels_.find(channel); limit != limited_channels_.end() && limit->second.second > 0) {
    --limit->second.second;
    return told("chat.postMessage " + channel, limit->second.first);
  }
  if (!keeps_limits_) return std::nullopt;
  constexpr double kPerChannel = 1, kChannelBurst = 2, kPerWorkspace = 5, kWorkspaceBurst = 10;
  bool channel_ok = take("channel/" + channel, kPerChannel, kChannelBurst);
  bool workspace_ok = take("workspace/" + calling_->team, kPerWorkspace, kWorkspaceBurst);
  if (channel_ok && workspace_ok) return std::nullopt;
  ++limited_;
  return slack_too_many("1");
}

// Whoever is told to wait and calls again before the time is over. The clocks of both sides differ by a little.
void FakeSlack::heed(const std::string& what) {
  constexpr std::chrono::milliseconds kClose{100};
  auto until = closed_until_.find(what);
  if (until != closed_until_.end() && clock_.now() + kClose < until->second)
    faults_.push_back("a call inside the wait: " + what);
}

Reply FakeSlack::told(const std::string& what, int seconds) {
  closed_until_[what] = clock_.now() + std::chrono::seconds(seconds);
  return slack_too_many(std::to_string(seconds));
}

std::optional<Reply> FakeSlack::beyond_tier(const std::string& method) {
  static const std::map<std::string, double> kPerMinute = {{"users.info", 100},
                                                           {"conversations.members", 100},
                                                           {"conversations.info", 50},
                                                           {"conversations.history", 50},
                                                           {"conversations.replies", 50}};
  auto what = method + " " + calling_->team;
  heed(what);
  if (auto limit = limited_methods_.find(method); limit != limited_methods_.end() && limit->second.second > 0) {
    --limit->second.second;
    return told(what, limit->second.first);
  }
  auto tier = kPerMinute.find(method);
  if (!keeps_limits_ || tier == kPerMinute.end()) return std::nullopt;
  constexpr double kMinute = 60;
  if (take("method/" + what, tier->second / kMinute, tier->second)) return std::nullopt;
  ++limited_;
  return told(what, 30);
}

Reply FakeSlack::channel_info(const json& m) const {
  auto channel = slack_text(m, "channel");
  if (auto why = refused(channel); why && *why == "channel_not_found") return slack_error(*why);
  auto shut = private_.find(channel);
  bool inside =
      shut == private_.end() || std::find(shut->second.begin(), shut->second.end(), "U0BOT") != shut->second.end();
  if (!inside) return slack_error("channel_not_found");
  auto member = members_.find(channel);
  return slack_ok({{"channel",
                    {{"id", channel},
                     {"creator", "U0CREATOR"},
                     {"is_private", shut != private_.end()},
                     {"is_member", member == members_.end() || member->second},
                     {"is_archived", archived_.contains(channel)}}}});
}

// In pages of two, as a large channel's come.
Reply FakeSlack::members_of(const json& m) const {
  auto found = private_.find(slack_text(m, "channel"));
  if (found == private_.end()) return slack_error("channel_not_found");
  auto cursor = slack_text(m, "cursor");
  std::size_t from = cursor.empty() ? 0 : std::stoul(cursor), to = std::min(found->second.size(), from + 2);
  std::vector<std::string> page(found->second.begin() + static_cast<std::ptrdiff_t>(from),
                                found->second.begin() + static_cast<std::ptrdiff_t>(to));
  auto next = to < found->second.size() ? std::to_string(to) : std::string();
  return slack_ok({{"members", page}, {"response_metadata", {{"next_cursor", next}}}});
}

// Seconds and a number: unique in the channel, in the order of posting.
std::string FakeSlack::new_ts() {
  auto seconds = std::chrono::floor<std::chrono::seconds>(clock_.now()).time_since_epoch().count();
  auto number = std::to_string(++posts_);
  return std::to_string(seconds) + "." + std::string(number.size() < 6 ? 6 - number.size() : 0, '0') + number;
}

Reply FakeSlack::run(const std::string& method, const json& m) {
  if (method != "apps.connections.open")
    if (auto limited = beyond_tier(method)) return *limited;
  if (method == "auth.test")
    return slack_ok({{"team", calling_->name},
                     {"team_id", calling_->team},
                     {"user_id", "U0BOT"},
                     {"bot_id", "B0BOT" + calling_->team}});
  if (method == "chat.postMessage") return post(m);
  if (method == "chat.postEphemeral") return post_ephemeral(m);
  if (method == "chat.update") return update(m);
  if (method == "chat.delete") return remove(m);
  if (method == "chat.unfurl") return unfurl(m);
  if (method == "conversations.history") return history(m, false);
  if (method == "conversations.replies") return history(m, true);
  if (method == "conversations.info") return channel_info(m);
  if (method == "conversations.members") return members_of(m);
  if (method == "users.info")
    return slack_ok(
        {{"user",
          {{"id", m["user"]}, {"is_admin", m["user"] == "U0ADMIN"}, {"is_restricted", m["user"] == "U0GUEST"}}}});
  if (method == "apps.connections.open") return slack_ok({{"url", socket_.url()}});
  if (method == "views.open" || method == "views.publish") return view(m);
  faults_.push_back("unknown method " + method);
  return slack_error("unknown_method");
}

Reply FakeSlack::view(const json& m) {
  check(m["view"], true);
  views_.push_back(m);
  return slack_ok({{"view", {{"id", "V0VIEW"}}}});
}

Reply FakeSlack::unfurl(const json& m) {
  bool placed = m.contains("channel") ? m.contains("ts") : m.contains("unfurl_id") && m.contains("source");
  if (!placed || !m.contains("unfurls") || !m["unfurls"].is_object()) faults_.push_back("an unfurl without its place");
  for (const auto& [url, card] : m["unfurls"].items())
    for (const auto& block : card["blocks"])
      if (block["type"] == "rich_text") return slack_error("invalid_blocks");
  unfurls_.push_back(m);
  return slack_ok(json::object());
}

Reply FakeSlack::post(const json& m) {
  check(m);
  auto channel = slack_text(m, "channel"), thread = slack_text(m, "thread_ts");
  if (auto why = refused(channel)) return slack_error(*why);
  if (auto limited = too_fast(channel)) return *limited;
  // A deleted parent is no failure: the reply stands at top level (contracts: Slack 9).
  if (!thread.empty() && find(channel, thread) == nullptr) thread.clear();
  SlackMessage message{calling_->team, channel, new_ts(),    thread, slack_text(m, "text"), {}, {}, m,
                       false,          false,   clock_.now()};
  if (m.contains("metadata")) message.key = m["metadata"]["event_payload"].value("key", "");
  posted_.push_back(message);
  json stored = {{"type", "message"}, {"bot_id", "B0BOT" + calling_->team}, {"text", message.text}, {"ts", message.ts}};
  if (!thread.empty()) stored["thread_ts"] = thread;
  return slack_ok({{"channel", channel}, {"ts", message.ts}, {"message", stored}});
}

Reply FakeSlack::post_ephemeral(const json& m) {
  check(m);
  auto channel = slack_text(m, "channel");
  if (auto why = refused(channel)) return slack_error("user_not_in_channel");
  auto ts = new_ts();
  ephemeral_.push_back({calling_->team,
                        channel,
                        ts,
                        slack_text(m, "thread_ts"),
                        slack_text(m, "text"),
                        {},
                        slack_text(m, "user"),
                        m,
                        false,
                        false,
                        clock_.now()});
  return slack_ok({{"message_ts", ts}});
}

Reply FakeSlack::update(const json& m) {
  constexpr std::size_t kMostBytes = 4000;
  check(m);
  if (slack_text(m, "text").size() > kMostBytes) return slack_error("msg_too_long");
  auto* found = find(slack_text(m, "channel"), slack_text(m, "ts"));
  if (found == nullptr) return slack_error("message_not_found");
  found->edited = true;
  found->text = slack_text(m, "text");
  return slack_ok({{"channel", m["channel"]}, {"ts", found->ts}});
}

Reply FakeSlack::remove(const json& m) {
  auto* found = find(slack_text(m, "channel"), slack_text(m, "ts"));
  if (found == nullptr) return slack_error("message_not_found");
  found->deleted = true;
  return slack_ok(json::object());
}

Reply FakeSlack::history(const json& m, bool replies) {
  if (!scope_) return slack_error("missing_scope");
  auto channel = slack_text(m, "channel"), oldest = slack_text(m, "oldest");
  if (auto why = refused(channel)) return slack_error(*why);
  if (replies && find(channel, slack_text(m, "ts")) == nullptr) return slack_error("thread_not_found");
  json all = json::array();
  for (auto it = posted_.rbegin(); it != posted_.rend(); ++it) {
    bool here = it->team == calling_->team && it->channel == channel && !it->deleted && it->ts >= oldest;
    bool wanted =
        replies ? it->thread_ts == slack_text(m, "ts") || it->ts == slack_text(m, "ts") : it->thread_ts.empty();
    if (!here || !wanted) continue;
    json one = {{"ts", it->ts}, {"text", it->text}, {"bot_id", "B0BOT" + it->team}};
    if (it->body.contains("blocks")) one["blocks"] = it->body["blocks"];
    if (it->body.contains("metadata")) {
      one["metadata"] = {{"event_type", it->body["metadata"]["event_type"]}};
      if (slack_text(m, "include_all_metadata") == "true") one["metadata"] = it->body["metadata"];
    }
    all.push_back(std::move(one));
  }
  auto cursor = slack_text(m, "cursor");
  std::size_t from = cursor.empty() ? 0 : std::stoul(cursor), to = std::min(all.size(), from + page_);
  json shown = json::array();
  for (auto i = from; i < to; ++i) shown.push_back(all[i]);
  auto next = to < all.size() ? std::to_string(to) : std::string();
  return slack_ok({{"messages", shown}, {"has_more", !next.empty()}, {"response_metadata", {{"next_cursor", next}}}});
}

}  // namespace broadsheet::fakes
