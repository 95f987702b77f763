#include "fake_slack.hpp"

#include <algorithm>

#include "slack_payload.hpp"

namespace broadsheet::fakes {
namespace {

using json = nlohmann::json;

Reply ok(json body) {
  body["ok"] = true;
  Reply out;
  out.headers = {{"Content-Type", "application/json; charset=utf-8"}};
  out.body = body.dump();
  return out;
}

Reply error(const std::string& code) {
  Reply out = ok(json::object());
  out.body = json{{"ok", false}, {"error", code}}.dump();
  return out;
}

Reply too_many(const std::string& seconds) {
  Reply out = error("ratelimited");
  out.status = 429;
  out.headers.emplace_back("Retry-After", seconds);
  return out;
}

char unhex(const std::string& s, std::size_t i) {
  return static_cast<char>(std::stoi(s.substr(i, 2), nullptr, 16));
}

json parse_form(const std::string& body) {
  json out = json::object();
  std::string name, value, *into = &name;
  auto flush = [&] {
    if (!name.empty()) out[name] = value;
    name.clear();
    value.clear();
    into = &name;
  };
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] == '&')
      flush();
    else if (body[i] == '=' && into == &name)
      into = &value;
    else if (body[i] == '%' && i + 2 < body.size()) {
      *into += unhex(body, i + 1);
      i += 2;
    } else
      *into += body[i] == '+' ? ' ' : body[i];
  }
  flush();
  return out;
}

json arguments_of(const Seen& seen) {
  auto type = seen.headers.find("content-type");
  bool is_json = type != seen.headers.end() && type->second.starts_with("application/json");
  if (!is_json) return parse_form(seen.body);
  auto tree = json::parse(seen.body, nullptr, false);
  return tree.is_object() ? tree : json::object();
}

std::string text_of(const json& m, const char* key) {
  return m.contains(key) && m[key].is_string() ? m[key].get<std::string>() : std::string();
}

}  // namespace

FakeSlack::FakeSlack() : http_([this](const Seen& seen) { return handle(seen); }) {}

void FakeSlack::answer_next(const std::string& method, Reply reply) {
  std::lock_guard lock(mutex_);
  scripted_[method].push_back(std::move(reply));
}
void FakeSlack::fail_next(const std::string& method, const std::string& code) {
  answer_next(method, error(code));
}
void FakeSlack::break_next(const std::string& method, Fault fault) {
  std::lock_guard lock(mutex_);
  breaking_[method].push_back(fault);
}
void FakeSlack::posts_at_least_apart(std::chrono::milliseconds d) {
  std::lock_guard lock(mutex_);
  apart_ = d;
}
void FakeSlack::remove_message(const std::string& ts) {
  std::lock_guard lock(mutex_);
  for (auto& m : posted_)
    if (m.ts == ts) m.deleted = true;
}
void FakeSlack::history_scope(bool granted) {
  std::lock_guard lock(mutex_);
  scope_ = granted;
}
void FakeSlack::member_of(const std::string& channel, bool yes) {
  std::lock_guard lock(mutex_);
  members_[channel] = yes;
}
void FakeSlack::expire_token() {
  std::lock_guard lock(mutex_);
  expired_ = true;
}
std::vector<SlackMessage> FakeSlack::posted() const {
  std::lock_guard lock(mutex_);
  return posted_;
}
std::vector<SlackMessage> FakeSlack::ephemeral() const {
  std::lock_guard lock(mutex_);
  return ephemeral_;
}
std::vector<json> FakeSlack::views() const {
  std::lock_guard lock(mutex_);
  return views_;
}
std::vector<std::string> FakeSlack::faults() const {
  std::lock_guard lock(mutex_);
  return faults_;
}
std::size_t FakeSlack::calls(const std::string& method) const {
  std::lock_guard lock(mutex_);
  auto found = calls_.find(method);
  return found == calls_.end() ? 0 : found->second;
}

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
  auto found = members_.find(channel);
  if (found != members_.end() && !found->second) return "not_in_channel";
  return std::nullopt;
}

Reply FakeSlack::handle(const Seen& seen) {
  std::lock_guard lock(mutex_);
  if (seen.target.starts_with("/commands/")) return respond(seen);
  constexpr std::string_view kBase = "/api/";
  if (!seen.target.starts_with(kBase)) return {404, {}, "", Fault::none, {}, {}, {}};
  return call(seen.target.substr(kBase.size()), seen);
}

Reply FakeSlack::call(const std::string& method, const Seen& seen) {
  ++calls_[method];
  if (auto& script = scripted_[method]; !script.empty()) {
    auto reply = std::move(script.front());
    script.pop_front();
    return reply;
  }
  auto arguments = arguments_of(seen);
  auto given = seen.headers.find("authorization");
  auto authorization = given == seen.headers.end() ? std::string() : given->second;
  if (method == "oauth.v2.access") return exchange(seen, arguments);
  bool for_app = method == "apps.connections.open";
  auto expected = "Bearer " + (for_app ? std::string("xapp-fake") : token_);
  if (authorization != expected) return error("invalid_auth");
  if (expired_ && !for_app) return error("token_expired");
  auto reply = run(method, arguments);
  if (auto& breaking = breaking_[method]; !breaking.empty()) {
    reply.fault = breaking.front();
    breaking.pop_front();
  }
  return reply;
}

Reply FakeSlack::run(const std::string& method, const json& m) {
  if (method == "auth.test")
    return ok({{"team", "Team"}, {"team_id", "T0TEAM"}, {"user_id", "U0BOT"}, {"bot_id", "B0BOT"}});
  if (method == "chat.postMessage") return post(m);
  if (method == "chat.postEphemeral") return post_ephemeral(m);
  if (method == "chat.update") return update(m);
  if (method == "chat.delete") {
    auto* found = find(text_of(m, "channel"), text_of(m, "ts"));
    if (found == nullptr) return error("message_not_found");
    found->deleted = true;
    return ok(json::object());
  }
  if (method == "conversations.history") return history(m, false);
  if (method == "conversations.replies") return history(m, true);
  if (method == "conversations.info") return ok({{"channel", {{"id", m["channel"]}, {"creator", "U0CREATOR"}}}});
  if (method == "users.info")
    return ok({{"user",
                {{"id", m["user"]}, {"is_admin", m["user"] == "U0ADMIN"}, {"is_restricted", m["user"] == "U0GUEST"}}}});
  if (method == "apps.connections.open") return ok({{"url", socket_.url()}});
  if (method == "views.open" || method == "views.publish") {
    check(m["view"], true);
    views_.push_back(m);
    return ok({{"view", {{"id", "V0VIEW"}}}});
  }
  faults_.push_back("unknown method " + method);
  return error("unknown_method");
}

Reply FakeSlack::post(const json& m) {
  check(m);
  auto channel = text_of(m, "channel"), thread = text_of(m, "thread_ts");
  if (auto why = refused(channel)) return error(*why);
  auto now = std::chrono::steady_clock::now();
  auto last = last_post_.find(channel);
  if (last != last_post_.end() && now - last->second < apart_) return too_many("1");
  last_post_[channel] = now;
  // A deleted parent is no failure: the reply stands at top level (contracts: Slack 9).
  if (!thread.empty() && find(channel, thread) == nullptr) thread.clear();
  auto number = std::to_string(++posts_);
  SlackMessage message{channel, "1793577600." + std::string(6 - number.size(), '0') + number,
                       thread,  text_of(m, "text"),
                       {},      {},
                       m,       false,
                       false,   now};
  if (m.contains("metadata")) message.key = m["metadata"]["event_payload"].value("key", "");
  posted_.push_back(message);
  json stored = {{"type", "message"}, {"bot_id", "B0BOT"}, {"text", message.text}, {"ts", message.ts}};
  if (!thread.empty()) stored["thread_ts"] = thread;
  return ok({{"channel", channel}, {"ts", message.ts}, {"message", stored}});
}

Reply FakeSlack::post_ephemeral(const json& m) {
  check(m);
  auto channel = text_of(m, "channel");
  if (auto why = refused(channel)) return error("user_not_in_channel");
  ephemeral_.push_back({channel,
                        "1793577600.900000",
                        text_of(m, "thread_ts"),
                        text_of(m, "text"),
                        {},
                        text_of(m, "user"),
                        m,
                        false,
                        false,
                        std::chrono::steady_clock::now()});
  return ok({{"message_ts", "1793577600.900000"}});
}

Reply FakeSlack::update(const json& m) {
  check(m);
  if (text_of(m, "text").size() > 4000) return error("msg_too_long");
  auto* found = find(text_of(m, "channel"), text_of(m, "ts"));
  if (found == nullptr) return error("message_not_found");
  found->edited = true;
  found->text = text_of(m, "text");
  return ok({{"channel", m["channel"]}, {"ts", found->ts}});
}

Reply FakeSlack::history(const json& m, bool replies) {
  if (!scope_) return error("missing_scope");
  auto channel = text_of(m, "channel");
  if (auto why = refused(channel)) return error(*why);
  if (replies && find(channel, text_of(m, "ts")) == nullptr) return error("thread_not_found");
  // Pages of two, newest first, so that readers have to turn them.
  json all = json::array();
  for (auto it = posted_.rbegin(); it != posted_.rend(); ++it) {
    bool here = it->channel == channel && !it->deleted;
    bool wanted = replies ? it->thread_ts == text_of(m, "ts") || it->ts == text_of(m, "ts") : it->thread_ts.empty();
    if (!here || !wanted) continue;
    json one = {{"ts", it->ts}, {"text", it->text}, {"bot_id", "B0BOT"}};
    if (it->body.contains("metadata")) {
      one["metadata"] = {{"event_type", it->body["metadata"]["event_type"]}};
      if (text_of(m, "include_all_metadata") == "true") one["metadata"] = it->body["metadata"];
    }
    all.push_back(std::move(one));
  }
  constexpr std::size_t kPage = 2;
  auto cursor = text_of(m, "cursor");
  std::size_t from = cursor.empty() ? 0 : std::stoul(cursor), to = std::min(all.size(), from + kPage);
  json page = json::array();
  for (auto i = from; i < to; ++i) page.push_back(all[i]);
  auto next = to < all.size() ? std::to_string(to) : std::string();
  return ok({{"messages", page}, {"has_more", !next.empty()}, {"response_metadata", {{"next_cursor", next}}}});
}

Reply FakeSlack::exchange(const Seen& seen, const json& form) {
  auto given = seen.headers.find("authorization");
  if (given == seen.headers.end() || !given->second.starts_with("Basic ")) return error("bad_client_secret");
  bool refresh = text_of(form, "grant_type") == "refresh_token";
  auto refresh_token = "xoxe-" + std::to_string(generation_);
  if (refresh && text_of(form, "refresh_token") != refresh_token) return error("invalid_refresh_token");
  if (!refresh && text_of(form, "code") != "good-code") return error("invalid_code");
  ++generation_;
  expired_ = false;
  token_ = "xoxe.xoxb-" + std::to_string(generation_);
  return ok({{"access_token", token_},
             {"refresh_token", "xoxe-" + std::to_string(generation_)},
             {"expires_in", 43200},
             {"bot_user_id", "U0BOT"},
             {"app_id", "A0APP"},
             {"team", {{"id", "T0TEAM"}, {"name", "Team"}}},
             {"is_enterprise_install", false}});
}

Reply FakeSlack::respond(const Seen& seen) {
  ++calls_["response_url"];
  if (auto& script = scripted_["response_url"]; !script.empty()) {
    auto reply = std::move(script.front());
    script.pop_front();
    return reply;
  }
  constexpr int kUses = 5;
  if (seen.headers.contains("authorization")) faults_.emplace_back("a token went to a response_url");
  if (++response_uses_ > kUses) {
    faults_.emplace_back("a sixth use of a response_url");
    return {404, {}, "used_url", Fault::none, {}, {}, {}};
  }
  auto m = json::parse(seen.body, nullptr, false);
  check(m);
  SlackMessage message{"response_url", {}, {}, text_of(m, "text"), {}, {}, m, false, false, seen.at};
  bool in_channel = text_of(m, "response_type") == "in_channel";
  (in_channel ? posted_ : ephemeral_).push_back(std::move(message));
  return {200, {}, "ok", Fault::none, {}, {}, {}};
}

}  // namespace broadsheet::fakes
