// The HTTP way in: signed requests to routes, stored before they are acknowledged.
#include <gtest/gtest.h>
#include <openssl/hmac.h>

#include "adapters/slack/manifest.hpp"
#include "adapters/slack/roles.hpp"
#include "bot/http/url.hpp"
#include "rig.hpp"

namespace broadsheet::slack {
namespace {

using http::ServerRequest;
using http::ServerResponse;
using model::CommandEvent;

std::string sign(const std::string& base) {
  std::array<unsigned char, 32> digest{};
  unsigned size = 0;
  HMAC(EVP_sha256(), "signing", 7, reinterpret_cast<const unsigned char*>(base.data()), base.size(), digest.data(),
       &size);
  std::string out;
  for (auto byte : digest) {
    out += "0123456789abcdef"[byte >> 4U];
    out += "0123456789abcdef"[byte & 0xFU];
  }
  return out;
}

struct Entrance : Rig {
  Entrance() : Rig("http"), routes(slack->routes(sink)) {}

  ServerResponse post(const std::string& path, const std::string& body, bool good = true) {
    auto seconds =
        std::to_string(std::chrono::duration_cast<std::chrono::seconds>(clock.now().time_since_epoch()).count());
    ServerRequest request;
    request.method = "POST";
    request.path = path;
    request.body = body;
    request.headers = {
        {"Content-Type", path == "/slack/events" ? "application/json" : "application/x-www-form-urlencoded"},
        {"X-Slack-Request-Timestamp", seconds},
        {"X-Slack-Signature", "v0=" + sign("v0:" + seconds + ":" + body + (good ? "" : "x"))}};
    for (const auto& route : routes)
      if (route.pattern == path) return get(route.handler(request));
    ADD_FAILURE() << "no route " << path;
    return {};
  }

  std::vector<adapters::Route> routes;
};

std::string command(const std::string& text, const std::string& trigger = "1.2.3") {
  return "team_id=T0TEAM&channel_id=C0PAPERS&user_id=U0READER&command=%2Farxiv&trigger_id=" + trigger +
         "&text=" + http::percent_encode(text);
}

TEST(Entrance, StoresASignedCommandOnceHoweverOftenItComes) {
  Entrance in;
  for (int i = 0; i < 3; ++i) {
    auto answer = in.post("/slack/command", command("digest cs.CL"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "");
  }
  ASSERT_EQ(in.sink.events.size(), 1U);
  EXPECT_EQ(std::get<CommandEvent>(in.sink.events[0]).text, "digest cs.CL");
}

TEST(Entrance, AnswersALookUpWithTheAcknowledgementAndAsksNobodyWhoItIs) {
  Entrance in;
  in.sink.look_up.body = R"({"text":"Patient Maps of Tides"})";
  auto answer = in.post("/slack/command", command("paper 2601.00001"));
  EXPECT_EQ(answer.body, R"({"response_type":"ephemeral","text":"Patient Maps of Tides"})");
  EXPECT_EQ(answer.content_type, "application/json; charset=utf-8");
  EXPECT_TRUE(in.sink.events.empty()) << "a look-up needs no row";
  EXPECT_EQ(in.fake.calls("users.info") + in.fake.calls("conversations.info"), 0U);
}

TEST(Entrance, TakesWhoTypesInAChannelForAMemberOfItAndNobodyForTheManager) {
  Entrance in;
  in.post("/slack/command", command("search tides"));
  ASSERT_EQ(in.sink.events.size(), 1U);
  EXPECT_EQ(std::get<CommandEvent>(in.sink.events[0]).from.who.role, model::Role::member);
  EXPECT_EQ(in.get(in.slack->role_of({"U0GUEST", {}, {}, model::Role::member}, channel())).value(), model::Role::guest);
  auto guest = "team_id=T0TEAM&channel_id=C0PAPERS&user_id=U0GUEST&trigger_id=1.2.9&text=search+tides";
  in.post("/slack/command", guest);
  EXPECT_EQ(std::get<CommandEvent>(in.sink.events[1]).from.who.role, model::Role::guest) << "as far as is known";
}

TEST(Entrance, RemembersForADayWhoIsAGuest) {
  Rig rig;
  ManualClock clock{*parse_iso("2026-01-14T12:00:00Z")};
  Api api{rig.client, rig.fake.api(), clock};
  Roles roles{api, clock};
  model::Actor who{"U0GUEST", {}, {}, {}};
  EXPECT_EQ(roles.reader(who, channel()), model::Role::member);
  EXPECT_EQ(rig.get(roles.of({"U0GUEST", {}, {}, model::Role::member}, channel(), "xoxb-fake")).value(),
            model::Role::guest);
  clock.advance(std::chrono::hours(23));
  EXPECT_EQ(roles.reader(who, channel("C0OTHER")), model::Role::guest);
  EXPECT_EQ(roles.reader(who, channel("D0READER")), model::Role::manager) << "a conversation with the bot";
  clock.advance(std::chrono::hours(2));
  EXPECT_EQ(roles.reader(who, channel()), model::Role::member);
}

TEST(Entrance, IsSilentWhenALookUpIsToStaySilent) {
  Entrance in;
  EXPECT_EQ(in.post("/slack/command",
                    "team_id=T0TEAM&channel_id=D0READER&user_id=U0READER&command=%2Farxiv&"
                    "trigger_id=9.9&text=paper+2601.00001")
                .body,
            "");
  EXPECT_TRUE(in.sink.events.empty()) << "too often, and told already";
}

TEST(Entrance, TakesNothingUnsigned) {
  Entrance in;
  EXPECT_EQ(in.post("/slack/command", command("unsubscribe all"), false).status, 401);
  EXPECT_EQ(in.post("/slack/events", "{}", false).status, 401);
  EXPECT_TRUE(in.sink.events.empty());
}

TEST(Entrance, TellsThePersonOrLetsSlackRepeatWhenNothingCanBeStored) {
  Entrance in;
  in.sink.broken = true;
  auto answer = in.post("/slack/command", command("digest"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_NE(answer.body.find("ephemeral"), std::string::npos);
  auto event = in.post("/slack/events", R"({"type":"event_callback","event_id":"Ev1","team_id":"T0TEAM",
      "event":{"type":"channel_archive","channel":"C1"}})");
  EXPECT_EQ(event.status, 503);
}

TEST(Entrance, AnswersTheChallengeAndRefusesRubbish) {
  Entrance in;
  auto answer = in.post("/slack/events", R"({"type":"url_verification","challenge":"abc"})");
  EXPECT_EQ(answer.body, "abc");
  EXPECT_TRUE(answer.content_type.starts_with("text/plain"));
  EXPECT_EQ(in.post("/slack/events", "[[[").status, 400);
  EXPECT_EQ(in.post("/slack/interactive", "payload=%7B").status, 400);
  EXPECT_EQ(in.post("/slack/command", "").status, 400);
}

TEST(Entrance, OffersCategoriesWhileSomebodyTypes) {
  Entrance in;
  auto answer =
      in.post("/slack/options", "payload=" + http::percent_encode(R"({"type":"block_suggestion","value":"CS.C"})"));
  auto options = nlohmann::json::parse(answer.body)["options"];
  ASSERT_FALSE(options.empty());
  EXPECT_LE(options.size(), 100U);
  for (const auto& o : options) EXPECT_TRUE(o["value"].get<std::string>().starts_with("cs.C")) << o;
}

TEST(Entrance, OpensTheFormAndTheHomeTab) {
  Entrance in;
  auto scenario = [&]() -> boost::asio::awaitable<void> {
    async::TaskGroup tasks(co_await boost::asio::this_coro::executor);
    tasks.spawn("run", in.slack->run(in.sink));
    co_await async::sleep_for(in.real, std::chrono::milliseconds(5));  // in real time: it asks the fake who it is
    auto ask = [&](const std::string& path, std::string body) -> boost::asio::awaitable<void> {
      auto seconds =
          std::to_string(std::chrono::duration_cast<std::chrono::seconds>(in.clock.now().time_since_epoch()).count());
      ServerRequest request;
      request.path = path;
      request.headers = {{"X-Slack-Request-Timestamp", seconds},
                         {"X-Slack-Signature", "v0=" + sign("v0:" + seconds + ":" + body)}};
      request.body = std::move(body);
      for (const auto& route : in.routes)
        if (route.pattern == path) co_await route.handler(request);
    };
    co_await ask("/slack/command", command("subscribe", "7.7"));
    co_await ask("/slack/events", R"({"type":"event_callback","event_id":"Ev9","team_id":"T0TEAM",
        "event":{"type":"app_home_opened","user":"U0READER","tab":"home"}})");
    EXPECT_TRUE(co_await in.until([&] { return in.fake.views().size() == 2; }));
    in.fake.fail_next("views.open", "expired_trigger_id");
    co_await ask("/slack/command", command("subscribe", "8.8"));
    EXPECT_TRUE(co_await in.until([&] { return !in.sink.events.empty(); }));
    tasks.cancel();
    co_await tasks.join();
  };
  in.loop.run(scenario());
  std::size_t forms = 0, homes = 0;
  for (const auto& view : in.fake.views()) {
    forms += view.value("trigger_id", "") == "7.7" ? 1 : 0;
    homes += view.value("user_id", "") == "U0READER" ? 1 : 0;
  }
  EXPECT_EQ(forms, 1U);
  EXPECT_EQ(homes, 1U);
}

TEST(Entrance, SaysAtStartWhatIsMissing) {
  Rig rig;
  auto make = [&](auto change) {
    auto settings = rig.configured("http", false);
    change(settings);
    return Slack::make(settings, {}, {rig.client, rig.sockets, rig.clock, rig.state}).has_value();
  };
  EXPECT_TRUE(make([](config::Slack&) {}));
  EXPECT_FALSE(make([](config::Slack& s) { s.signing_secrets = {config::Secret("")}; }));
  EXPECT_FALSE(make([](config::Slack& s) { s.bot_token = {}; }));
  EXPECT_FALSE(make([](config::Slack& s) {
    s.mode = "socket";
    s.app_token = {};
  }));
}

TEST(Manifest, NamesEveryRouteAndLeavesThemOutInSocketMode) {
  auto http = manifest({"https://bot.example.org", false, "/arxiv", true, false, "help"});
  Entrance in;
  for (const auto& route : in.routes)
    EXPECT_NE(http.find("https://bot.example.org" + route.pattern + "\""), std::string::npos) << route.pattern;
  auto socket = manifest({"https://bot.example.org", true, "/papers", false, false, "help"});
  EXPECT_EQ(socket.find("bot.example.org"), std::string::npos);
  EXPECT_NE(socket.find("\"/papers\""), std::string::npos);
}

}  // namespace
}  // namespace broadsheet::slack
