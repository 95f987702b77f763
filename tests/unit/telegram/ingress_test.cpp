#include <gtest/gtest.h>

#include "support.hpp"

namespace broadsheet::telegram {
namespace {

using namespace test;

json an_update(std::int64_t id) {
  return {{"update_id", id},
          {"message",
           {{"message_id", id % 1000},
            {"chat", {{"id", 1001}, {"type", "private"}}},
            {"from", {{"id", 1001}, {"first_name", "Femke"}}},
            {"text", "digest " + std::to_string(id)}}}};
}

// Polls until `done` says so, then cancels as a stopping service does.
void poll_until(Rig& rig, const std::function<bool()>& done) {
  rig.loop.run_until(rig.platform->run(rig.sink), rig.clock, done);
}

ScriptedTransport::Answer by_method(std::function<http::Outcome(const Call&)> updates) {
  return [updates = std::move(updates)](const Call& call) -> http::Outcome {
    if (call.method == "getMe")
      return http::Response{200, {}, R"({"ok":true,"result":{"id":1000,"is_bot":true,"username":"a_bot"}})"};
    if (call.method == "getUpdates") return updates(call);
    return http::Response{200, {}, R"({"ok":true,"result":true})"};
  };
}

http::Outcome batch(const json& updates) {
  return http::Response{200, {}, json{{"ok", true}, {"result", updates}}.dump()};
}

std::vector<Call> polls(const Rig& rig) {
  std::vector<Call> out;
  for (const auto& call : rig.transport.calls)
    if (call.method == "getUpdates") out.push_back(call);
  return out;
}

TEST(TelegramPolling, StoresThenConfirmsAndRemembersTheOffset) {
  Rig rig;
  int asked = 0;
  rig.transport.then(by_method(
      [&](const Call&) { return batch(asked++ == 0 ? json::array({an_update(41), an_update(42)}) : json::array()); }));
  rig.sink.before = [&] { EXPECT_FALSE(rig.state.values.contains("telegram.offset")) << "not before the sink has it"; };
  poll_until(rig, [&] { return asked >= 3; });
  ASSERT_EQ(rig.sink.events.size(), 2U);
  EXPECT_EQ(rig.state.values.at("telegram.offset"), "43");
  auto calls = polls(rig);
  EXPECT_FALSE(calls[0].body.contains("offset"));
  EXPECT_EQ(calls[0].body["timeout"], 50);
  EXPECT_EQ(calls[0].body["allowed_updates"].size(), 6U);
  EXPECT_EQ(calls[1].body["offset"], 43);
  EXPECT_EQ(calls.back().body["timeout"], 0) << "the tail is confirmed on a clean stop";
  EXPECT_EQ(calls.back().body["offset"], 43);
}

TEST(TelegramPolling, GoesOnWhereItWasAfterARestart) {
  Rig rig;
  rig.state.values["telegram.offset"] = "43";
  int asked = 0;
  rig.transport.then(by_method([&](const Call&) {
    ++asked;
    return batch(json::array());
  }));
  poll_until(rig, [&] { return asked >= 1; });
  EXPECT_EQ(polls(rig)[0].body["offset"], 43);
}

TEST(TelegramPolling, AnUpdateThatCannotBeStoredIsAskedForAgain) {
  Rig rig;
  int asked = 0;
  rig.sink.failures = {Error(ErrorKind::busy, "locked")};
  rig.transport.then(by_method([&](const Call& call) {
    ++asked;
    auto offset = call.body.value("offset", 0);
    return batch(offset <= 41 ? json::array({an_update(41)}) : json::array());
  }));
  poll_until(rig, [&] { return rig.sink.events.size() == 1; });
  EXPECT_FALSE(polls(rig)[1].body.contains("offset")) << "41 was not confirmed";
  EXPECT_GE(asked, 2);
}

TEST(TelegramPolling, AnUpdateThatNeverCanBeStoredIsParkedAfterFiveTries) {
  Rig rig;
  for (int i = 0; i < 5; ++i) rig.sink.failures.emplace_back(ErrorKind::bad_input, "never");
  rig.transport.then(by_method([&](const Call& call) {
    return batch(call.body.value("offset", 0) <= 41 ? json::array({an_update(41), an_update(42)}) : json::array());
  }));
  poll_until(rig, [&] { return rig.sink.events.size() == 1; });
  EXPECT_EQ(std::get<model::CommandEvent>(rig.sink.events[0]).id, "42");
  EXPECT_TRUE(rig.sink.failures.empty());
}

TEST(TelegramPolling, AConflictIsWaitedOutAndTold) {
  Rig rig;
  int asked = 0;
  std::string told;
  rig.transport.then(by_method([&](const Call&) -> http::Outcome {
    if (asked > 0 && asked < 4) told = rig.platform->trouble();
    if (++asked < 4)
      return http::Response{
          409, {}, R"({"ok":false,"error_code":409,"description":"Conflict: terminated by other getUpdates request"})"};
    return batch(json::array());
  }));
  poll_until(rig, [&] { return asked >= 6; });
  EXPECT_NE(told.find("another instance"), std::string::npos);
  EXPECT_EQ(rig.platform->trouble(), "");
}

TEST(TelegramPolling, UnknownUpdatesAreConfirmedAndButtonsAnswered) {
  Rig rig;
  int asked = 0;
  json query = {{"update_id", 8},
                {"callback_query",
                 {{"id", "77"},
                  {"data", "1:2401.12345"},
                  {"from", {{"id", 1001}}},
                  {"message", {{"message_id", 3}, {"chat", {{"id", 1001}, {"type", "private"}}}}}}}};
  rig.transport.then(by_method([&](const Call&) {
    return batch(asked++ == 0 ? json::array({{{"update_id", 7}, {"novelty", 1}}, query}) : json::array());
  }));
  auto answered = [&] {
    return std::any_of(rig.transport.calls.begin(), rig.transport.calls.end(), [](const Call& c) {
      return c.method == "answerCallbackQuery" && c.body["callback_query_id"] == "77";
    });
  };
  poll_until(rig, answered);
  EXPECT_EQ(rig.sink.events.size(), 1U);
  EXPECT_EQ(rig.state.values.at("telegram.offset"), "9");
}

// An answer that cannot be read comes again for ever, with everybody's updates in it.
TEST(TelegramPolling, OneUnfitUpdateDoesNotHoldTheOthers) {
  Rig rig;
  int asked = 0;
  rig.transport.then(by_method([&](const Call&) -> http::Outcome {
    if (asked++ > 0) return batch(json::array());
    auto deep = std::string(500, '[') + std::string(500, ']');
    return http::Response{200,
                          {},
                          R"({"ok":true,"result":[{"update_id":7,"message":{"rich":)" + deep +
                              R"(}},{"update_id":8,"message":{"text":"a","text":"b"}},)" + an_update(9).dump() + "]}"};
  }));
  poll_until(rig, [&] { return !rig.sink.events.empty(); });
  EXPECT_EQ(rig.sink.events.size(), 1U);
  EXPECT_EQ(rig.state.values.at("telegram.offset"), "10");
}

TEST(TelegramPolling, TheWebhookIsRemovedFirst) {
  Rig rig;
  int asked = 0;
  rig.transport.then(by_method([&](const Call&) {
    ++asked;
    return batch(json::array());
  }));
  poll_until(rig, [&] { return asked >= 1; });
  EXPECT_EQ(rig.transport.calls[0].method, "getMe");
  EXPECT_EQ(rig.transport.calls[1].method, "deleteWebhook");
  EXPECT_EQ(rig.transport.calls[1].body["drop_pending_updates"], false);
}

// ---- Webhook

struct Hook {
  Rig rig{"webhook", [] {
            TelegramOptions options;
            options.public_url = "https://digest.example.org/";
            return options;
          }()};
  std::vector<adapters::Route> routes = rig.platform->routes(rig.sink);

  http::ServerResponse post(const std::string& body, const std::string& secret = "a-webhook-secret") {
    http::ServerRequest request;
    request.method = "POST";
    if (!secret.empty()) request.headers = {{"x-telegram-bot-api-secret-token", secret}};
    request.body = body;
    http::ServerResponse out;
    rig.loop.run([](Hook& h, http::ServerRequest r, http::ServerResponse& o) -> awaitable<void> {
      o = co_await h.routes.at(0).handler(std::move(r));
    }(*this, std::move(request), out));
    return out;
  }
};

TEST(TelegramWebhook, IsOneRouteAndOnlyInItsMode) {
  Hook hook;
  ASSERT_EQ(hook.routes.size(), 1U);
  EXPECT_EQ(hook.routes[0].method, "POST");
  EXPECT_EQ(hook.routes[0].pattern, "/telegram/webhook");
  Rig polling;
  EXPECT_TRUE(polling.platform->routes(polling.sink).empty());
}

TEST(TelegramWebhook, TakesAnUpdateWithTheSecretOnly) {
  Hook hook;
  for (const char* secret : {"", "wrong", "a-webhook-secreu", "a-webhook-secret "}) {
    auto answer = hook.post(an_update(5).dump(), secret);
    EXPECT_EQ(answer.status, 401) << secret;
    EXPECT_EQ(answer.body, "");
  }
  EXPECT_TRUE(hook.rig.sink.events.empty());
  EXPECT_EQ(hook.post(an_update(5).dump()).status, 200);
  EXPECT_EQ(hook.rig.sink.events.size(), 1U);
}

TEST(TelegramWebhook, WithoutASecretNothingIsTaken) {
  Rig rig("webhook");
  auto open = settings("webhook");
  open.webhook_secret = config::Secret();
  Telegram platform(open, rig.transport, rig.clock, rig.state, {});
  auto routes = platform.routes(rig.sink);
  rig.loop.run([](std::vector<adapters::Route>& r) -> awaitable<void> {
    http::ServerRequest request;
    request.headers = {{"X-Telegram-Bot-Api-Secret-Token", ""}};
    request.body = an_update(5).dump();
    EXPECT_EQ((co_await r.at(0).handler(std::move(request))).status, 401);
  }(routes));
  EXPECT_TRUE(rig.sink.events.empty());
}

TEST(TelegramWebhook, AFailingStoreIsTriedAgainButNeverForADay) {
  Hook hook;
  for (int i = 0; i < 20; ++i) hook.rig.sink.failures.emplace_back(ErrorKind::busy, "locked");
  for (int i = 0; i < 20; ++i) EXPECT_EQ(hook.post(an_update(5).dump()).status, 503);
  for (int i = 0; i < 5; ++i) hook.rig.sink.failures.emplace_back(ErrorKind::bad_input, "never");
  for (int i = 0; i < 4; ++i) EXPECT_EQ(hook.post(an_update(6).dump()).status, 503);
  EXPECT_EQ(hook.post(an_update(6).dump()).status, 200) << "parked";
}

TEST(TelegramWebhook, NonsenseIsNotAskedForAgain) {
  Hook hook;
  for (const char* body : {"", "{", "[]", "{\"update_id\":0}", "nonsense"})
    EXPECT_EQ(hook.post(body).status, 200) << body;
  EXPECT_TRUE(hook.rig.sink.events.empty());
}

TEST(TelegramWebhook, AButtonIsAnsweredInTheAnswer) {
  Hook hook;
  json query = {{"update_id", 8},
                {"callback_query",
                 {{"id", "77"},
                  {"data", "1:2401.12345"},
                  {"from", {{"id", 1001}}},
                  {"message", {{"message_id", 3}, {"chat", {{"id", 1001}}}}}}}};
  auto answer = hook.post(query.dump());
  EXPECT_EQ(json::parse(answer.body), json({{"method", "answerCallbackQuery"}, {"callback_query_id", "77"}}));
  EXPECT_EQ(answer.content_type, "application/json");
}

TEST(TelegramWebhook, ACallbackCutInsideALetterIsStillAnswered) {
  Hook hook;
  json query = {{"update_id", 8}, {"callback_query", {{"id", std::string(63, '7') + "é"}, {"data", "1:x"}}}};
  auto answer = hook.post(query.dump());
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(json::parse(answer.body)["callback_query_id"], std::string(63, '7') + "\xEF\xBF\xBD");
}

TEST(TelegramWebhook, RunSetsItAndEnds) {
  Hook hook;
  hook.rig.transport.then(by_method([](const Call&) { return batch(json::array()); }));
  hook.rig.loop.run(hook.rig.platform->run(hook.rig.sink));
  const auto& call = hook.rig.transport.calls.at(1);
  EXPECT_EQ(call.method, "setWebhook");
  EXPECT_EQ(call.body["url"], "https://digest.example.org/telegram/webhook");
  EXPECT_EQ(call.body["secret_token"], "a-webhook-secret");
}

}  // namespace
}  // namespace broadsheet::telegram
