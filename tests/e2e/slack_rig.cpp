#include "tests/e2e/slack_rig.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "bot/base/hash.hpp"
#include "bot/store/store.hpp"

namespace broadsheet::e2e {
std::vector<fakes::Batch> SlackService::usual_papers() {
  return fakes::invented_batches(*parse_day("2026-01-12"), *parse_day("2026-01-14"),
                                 {*Category::parse("cs.CV"), *Category::parse("cs.RO")}, arxiv::Calendar::built_in());
}

SlackService::SlackService(Mode way, const std::string& start, double speed, std::vector<fakes::Batch> papers)
    : mode(way),
      rate(speed),
      clock(*parse_iso(start), rate),
      arxiv(clock, std::move(papers), {}),
      slack(&clock),
      port(free_port()),
      driver(port, kSigning, clock) {
  setenv("BROADSHEET_TEST_BOT", "xoxb-fake", 1);
  setenv("BROADSHEET_TEST_APP", "xapp-fake", 1);
  setenv("BROADSHEET_TEST_SIGNING", kSigning, 1);
  setenv("BROADSHEET_TEST_CLIENT", "client secret of the test", 1);
  slack.page(15);
}

void SlackService::configure(const std::vector<std::string>& targets, bool oauth, const std::string& more) {
  auto base = arxiv.base();
  std::string text =
      "[service]\nlisten = \"127.0.0.1:" + std::to_string(port) + "\"\npublic_url = \"https://bot.example.org\"\n" +
      "[arxiv]\ncategories = [\"cs.CV\", \"cs.RO\"]\ncontact = \"ops@example.org\"\nfeed_url = \"" + base +
      "\"\nsite_url = \"" + base + "\"\noai_url = \"" + base + "/oai\"\napi_url = \"" + base +
      "/api/query\"\n[slack]\nmode = \"" + (mode == Mode::http ? "http" : "socket") + "\"\napi_url = \"" + slack.api() +
      "\"\nhooks_url = \"" + slack.hooks() +
      "\"\napp_token = \"env:BROADSHEET_TEST_APP\"\nsigning_secrets = [\"env:BROADSHEET_TEST_SIGNING\"]\n";
  text += oauth ? "client_id = \"1.2\"\nclient_secret = \"env:BROADSHEET_TEST_CLIENT\"\n"
                : "bot_token = \"env:BROADSHEET_TEST_BOT\"\n";
  text += more;
  for (const auto& target : targets)
    text += "[[subscription]]\ntarget = \"slack:" + target + "\"\ncategories = [\"cs.CV\", \"cs.RO\"]\ntop = 10\n";
  folder.write("broadsheet.toml", text);
}

std::vector<std::string> SlackService::serve() const {
  return {"--log-level", "info", "serve", "--clock", to_iso(clock.now()) + "x" + std::to_string(rate)};
}

void SlackService::enqueue(int channels, int parts) const {
  auto store = store::open_store({.data_dir = folder.path() + "/data"});
  std::vector<model::NewRow> rows;
  for (int part = 0; part < parts; ++part)
    for (int n = 1; n <= channels; ++n) {
      auto text = "part " + std::to_string(part) + " of " + std::to_string(n);
      model::NewRow row;
      row.target = *model::Target::parse("slack:T0TEAM/" + channel(n));
      row.group = "digest";
      row.part = part;
      row.key = model::DeliveryKey(short_sha256(row.target.str() + "/" + std::to_string(part)));
      row.message = {part == 0 ? model::PartKind::summary : model::PartKind::card, part > 0,
                     R"({"text":")" + text + R"("})", text};
      row.due = clock.now();
      row.expires = row.due + 24h * 30;
      rows.push_back(row);
    }
  EXPECT_TRUE(store && (*store)->outbox().enqueue("slot", rows, clock.now()));
}

bool SlackService::install(const std::string& team) const {
  auto away = driver.raw("GET", "/slack/install", "", "");
  auto at = away.body.find("broadsheet_slack_state=");
  if (away.status != 302 || at == std::string::npos) return false;
  auto cookie = away.body.substr(at, away.body.find(';', at) - at);
  auto state = cookie.substr(cookie.find('=') + 1);
  auto back = driver.raw("GET", "/slack/oauth?code=code-" + team + "&state=" + state, "Cookie: " + cookie + "\r\n", "");
  return back.status == 200;
}

bool SlackService::command(const std::string& team, const std::string& channel, const std::string& user,
                           const std::string& text) {
  auto fields =
      fakes::slash_command(team, channel, user, text, "9.9." + std::to_string(++number), slack.response_url());
  if (mode == Mode::http) {
    auto heard = driver.command(fields);
    slack.take_answer(heard.body);
    return heard.status == 200;
  }
  bool taken = slack.socket().deliver("slash_commands", std::move(fields), true);
  slack.take_answer(slack.socket().take_payload());
  return taken;
}

bool SlackService::event(const std::string& team, nlohmann::json event, std::string id) {
  if (id.empty()) id = "Ev" + std::to_string(++number);
  auto callback = fakes::event_callback(team, id, std::move(event));
  if (mode == Mode::http) return driver.event(callback).status == 200;
  return slack.socket().deliver("events_api", std::move(callback), false);
}

bool SlackService::interact(const nlohmann::json& payload) {
  if (mode == Mode::http) return driver.interaction(payload).status == 200;
  return slack.socket().deliver("interactive", payload, true);
}

std::vector<fakes::SlackMessage> SlackService::standing(const std::string& channel) const {
  std::vector<fakes::SlackMessage> out;
  for (auto& message : slack.posted())
    if (message.channel == channel && !message.deleted) out.push_back(std::move(message));
  return out;
}

std::size_t SlackService::digests(const std::string& channel) const {
  std::size_t n = 0;
  for (const auto& message : standing(channel))
    if (message.thread_ts.empty() && message.text.find("13 January 2026") != std::string::npos) ++n;
  return n;
}

void SlackService::expect_each_once(const std::string& channel) const {
  std::set<std::string> keys;
  std::string summary;
  for (const auto& message : standing(channel)) {
    if (message.key.empty()) continue;
    EXPECT_TRUE(keys.insert(message.key).second) << channel << " twice: " << message.text;
    if (summary.empty()) summary = message.ts;
    if (message.ts != summary) EXPECT_EQ(message.thread_ts, summary) << channel << " not in its thread";
  }
}

bool SlackService::told(const std::string& words) const {
  for (const auto& message : slack.ephemeral())
    if (message.text.find(words) != std::string::npos) return true;
  return false;
}

bool SlackService::quiet() const {
  for (const char* state : {"pending", "sending", "ambiguous"})
    if (run_program(folder, {"outbox", "list", "--state", state, "--json"}).out != "[]\n") return false;
  return true;
}

bool SlackService::becomes(const std::function<bool()>& so, std::chrono::seconds guard) {
  auto end = std::chrono::steady_clock::now() + guard;
  while (!so()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

}  // namespace broadsheet::e2e
