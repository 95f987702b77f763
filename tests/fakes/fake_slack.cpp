#include "fake_slack.hpp"

#include <algorithm>
#include <sstream>

#include "slack_payload.hpp"
#include "slack_replies.hpp"

namespace broadsheet::fakes {
namespace {

using json = nlohmann::json;

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

}  // namespace

Reply slack_ok(json body) {
  body["ok"] = true;
  Reply out;
  out.headers = {{"Content-Type", "application/json; charset=utf-8"}};
  out.body = body.dump();
  return out;
}

Reply slack_error(const std::string& code) {
  Reply out = slack_ok(json::object());
  out.body = json{{"ok", false}, {"error", code}}.dump();
  return out;
}

Reply slack_too_many(const std::string& seconds) {
  Reply out = slack_error("ratelimited");
  out.status = 429;
  out.headers.emplace_back("Retry-After", seconds);
  return out;
}

std::string slack_text(const json& from, const char* key) {
  return from.contains(key) && from[key].is_string() ? from[key].get<std::string>() : std::string();
}

FakeSlack::FakeSlack(Clock* clock)
    : clock_(clock == nullptr ? own_clock_ : *clock), http_([this](const Seen& seen) { return handle(seen); }) {
  workspaces_["T0TEAM"] = {"T0TEAM", "Team", "xoxb-fake", 0, false, false};
}

std::string FakeSlack::response_url() {
  std::lock_guard lock(mutex_);
  auto path = "/commands/T0TEAM/" + std::to_string(urls_.size() + 1) + "/secret";
  urls_[path] = {clock_.now(), 0};
  return http_.base() + path;
}
void FakeSlack::add_workspace(const std::string& team, const std::string& name) {
  std::lock_guard lock(mutex_);
  workspaces_[team] = {team, name, {}, 0, false, false};
}
void FakeSlack::answer_next(const std::string& method, Reply reply) {
  std::lock_guard lock(mutex_);
  scripted_[method].push_back(std::move(reply));
}
void FakeSlack::fail_next(const std::string& method, const std::string& code) {
  answer_next(method, slack_error(code));
}
void FakeSlack::break_next(const std::string& method, Fault fault) {
  std::lock_guard lock(mutex_);
  breaking_[method].push_back(fault);
}
void FakeSlack::slow(std::chrono::milliseconds d) {
  std::lock_guard lock(mutex_);
  slow_ = d;
}
void FakeSlack::keep_limits() {
  std::lock_guard lock(mutex_);
  keeps_limits_ = true;
}
void FakeSlack::limit_method(const std::string& method, int seconds, int times) {
  std::lock_guard lock(mutex_);
  limited_methods_[method] = {seconds, times};
}
void FakeSlack::private_channel(const std::string& channel, std::vector<std::string> members) {
  std::lock_guard lock(mutex_);
  private_[channel] = std::move(members);
}
void FakeSlack::archive(const std::string& channel) {
  std::lock_guard lock(mutex_);
  archived_.insert(channel);
}
void FakeSlack::limit_channel(const std::string& channel, int seconds, int times) {
  std::lock_guard lock(mutex_);
  limited_channels_[channel] = {seconds, times};
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
void FakeSlack::scopes(std::string granted) {
  std::lock_guard lock(mutex_);
  granted_ = std::move(granted);
}
void FakeSlack::member_of(const std::string& channel, bool yes) {
  std::lock_guard lock(mutex_);
  members_[channel] = yes;
}
void FakeSlack::refuse_channel(const std::string& channel, const std::string& code) {
  std::lock_guard lock(mutex_);
  refused_[channel] = code;
}
void FakeSlack::expire_token(const std::string& team) {
  std::lock_guard lock(mutex_);
  workspaces_[team].expired = true;
}
void FakeSlack::revoke_token(const std::string& team) {
  std::lock_guard lock(mutex_);
  workspaces_[team].revoked = true;
}
void FakeSlack::page(std::size_t messages) {
  std::lock_guard lock(mutex_);
  page_ = messages;
}
void FakeSlack::watch(Watcher watcher) {
  std::lock_guard lock(watching_);
  watcher_ = std::move(watcher);
}
bool FakeSlack::watched(const std::string& method, const char* point) {
  std::lock_guard lock(watching_);
  return !watcher_ || watcher_(method, point);
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
std::vector<json> FakeSlack::unfurls() const {
  std::lock_guard lock(mutex_);
  return unfurls_;
}
std::vector<std::string> FakeSlack::faults() const {
  std::lock_guard lock(mutex_);
  return faults_;
}
std::vector<SlackCall> FakeSlack::timeline() const {
  std::lock_guard lock(mutex_);
  return timeline_;
}
std::size_t FakeSlack::calls(const std::string& method) const {
  std::lock_guard lock(mutex_);
  auto found = calls_.find(method);
  return found == calls_.end() ? 0 : found->second;
}
std::size_t FakeSlack::limited() const {
  std::lock_guard lock(mutex_);
  return limited_;
}

std::string FakeSlack::timeline_text() const {
  std::ostringstream out;
  for (const auto& c : timeline())
    out << to_iso(c.at) << "  " << c.method << "  " << c.team << " " << c.channel
        << (c.thread.empty() ? "" : " in " + c.thread) << "  " << c.outcome << "  " << c.text << "\n";
  return out.str();
}

void FakeSlack::note(const std::string& method, const json& arguments, const Reply& reply) {
  auto tree = json::parse(reply.body, nullptr, false);
  SlackCall c;
  c.at = clock_.now();
  c.method = method;
  c.team = calling_ == nullptr ? std::string() : calling_->team;
  c.channel = slack_text(arguments, "channel");
  c.thread = slack_text(arguments, "thread_ts");
  if (arguments.contains("metadata")) c.key = arguments["metadata"]["event_payload"].value("key", "");
  c.outcome = tree.is_object() && tree.value("ok", false) ? "ok" : slack_text(tree, "error");
  if (reply.status != 200) c.outcome = std::to_string(reply.status);
  auto text = slack_text(arguments, "text");
  c.text = text.substr(0, text.find('\n'));
  timeline_.push_back(std::move(c));
}

FakeSlack::Workspace* FakeSlack::workspace(const std::string& token) {
  for (auto& [team, w] : workspaces_)
    if (!token.empty() && w.token == token) return &w;
  return nullptr;
}

Reply FakeSlack::handle(const Seen& seen) {
  constexpr std::string_view kBase = "/api/";
  auto method = seen.target.starts_with(kBase) ? seen.target.substr(kBase.size()) : std::string("response_url");
  Reply reply{404, {}, "", Fault::none, {}, {}, {}};
  if (!watched(method, "arrived")) {
    reply.fault = Fault::reset_before_answer;
    return reply;
  }
  {
    std::lock_guard lock(mutex_);
    if (seen.target.starts_with("/commands/")) reply = respond(seen);
    if (seen.target.starts_with(kBase)) reply = call(method, seen);
    reply.delay = std::max(reply.delay, slow_);
  }
  watched(method, "executed");
  reply.sending = [this, method] { watched(method, "answered"); };
  return reply;
}

Reply FakeSlack::call(const std::string& method, const Seen& seen) {
  ++calls_[method];
  auto arguments = arguments_of(seen);
  auto given = seen.headers.find("authorization");
  auto authorization = given == seen.headers.end() ? std::string() : given->second;
  bool for_app = method == "apps.connections.open";
  calling_ = authorization.starts_with("Bearer ") ? workspace(authorization.substr(7)) : nullptr;
  if (auto& script = scripted_[method]; !script.empty()) {
    auto reply = std::move(script.front());
    script.pop_front();
    note(method, arguments, reply);
    return reply;
  }
  if (method == "oauth.v2.access") return exchange(seen, arguments);
  if (for_app && authorization != "Bearer xapp-fake") return slack_error("invalid_auth");
  if (!for_app && calling_ == nullptr) return slack_error("invalid_auth");
  if (!for_app && calling_->revoked) return slack_error("token_revoked");
  if (!for_app && calling_->expired) return slack_error("token_expired");
  auto reply = run(method, arguments);
  note(method, arguments, reply);
  reply.headers.emplace_back("x-oauth-scopes", granted_);
  if (auto& breaking = breaking_[method]; !breaking.empty()) {
    reply.fault = breaking.front();
    breaking.pop_front();
  }
  return reply;
}

Reply FakeSlack::exchange(const Seen& seen, const json& form) {
  auto given = seen.headers.find("authorization");
  if (given == seen.headers.end() || !given->second.starts_with("Basic ")) return slack_error("bad_client_secret");
  bool refresh = slack_text(form, "grant_type") == "refresh_token";
  auto code = slack_text(form, "code");
  auto refresh_token = slack_text(form, "refresh_token");
  if (code == "good-code") code = "code-T0TEAM";
  Workspace* w = nullptr;
  for (auto& [team, one] : workspaces_)
    if (refresh ? refresh_token == "xoxe-" + team + "-" + std::to_string(one.generation) : code == "code-" + team)
      w = &one;
  if (w == nullptr) return slack_error(refresh ? "invalid_refresh_token" : "invalid_code");
  ++w->generation;
  w->expired = w->revoked = false;
  w->token = "xoxe.xoxb-" + w->team + "-" + std::to_string(w->generation);
  return slack_ok({{"access_token", w->token},
                   {"refresh_token", "xoxe-" + w->team + "-" + std::to_string(w->generation)},
                   {"expires_in", 43200},
                   {"bot_user_id", "U0BOT"},
                   {"app_id", "A0APP"},
                   {"team", {{"id", w->team}, {"name", w->name}}},
                   {"is_enterprise_install", false}});
}

void FakeSlack::take_answer(const std::string& body) {
  if (body.empty()) return;
  std::lock_guard lock(mutex_);
  auto m = json::parse(body, nullptr, false);
  check(m);
  SlackMessage message;
  message.channel = "acknowledgement";
  message.text = slack_text(m, "text");
  message.body = m;
  message.at = clock_.now();
  if (slack_text(m, "response_type") != "ephemeral") faults_.emplace_back("an acknowledgement that everybody sees");
  timeline_.push_back(
      {message.at, "acknowledgement", {}, {}, {}, {}, "ok", message.text.substr(0, message.text.find('\n'))});
  ephemeral_.push_back(std::move(message));
}

Reply FakeSlack::respond(const Seen& seen) {
  ++calls_["response_url"];
  if (auto& script = scripted_["response_url"]; !script.empty()) {
    auto reply = std::move(script.front());
    script.pop_front();
    return reply;
  }
  constexpr int kUses = 5;
  auto url = urls_.find(seen.target);
  if (url == urls_.end()) return {404, {}, "no_service", Fault::none, {}, {}, {}};
  if (seen.headers.contains("authorization")) faults_.emplace_back("a token went to a response_url");
  if (++url->second.uses > kUses) {
    faults_.emplace_back("a sixth use of a response_url");
    return {404, {}, "used_url", Fault::none, {}, {}, {}};
  }
  if (clock_.now() - url->second.made > std::chrono::minutes(30)) {
    faults_.emplace_back("a response_url used after thirty minutes");
    return {404, {}, "expired_url", Fault::none, {}, {}, {}};
  }
  auto m = json::parse(seen.body, nullptr, false);
  check(m);
  SlackMessage message;
  message.channel = "response_url";
  message.text = slack_text(m, "text");
  message.body = m;
  message.at = clock_.now();
  bool in_channel = slack_text(m, "response_type") == "in_channel";
  Reply reply{200, {}, "ok", Fault::none, {}, {}, {}};
  timeline_.push_back(
      {message.at, "response_url", {}, {}, {}, {}, "ok", message.text.substr(0, message.text.find('\n'))});
  (in_channel ? posted_ : ephemeral_).push_back(std::move(message));
  return reply;
}

}  // namespace broadsheet::fakes
