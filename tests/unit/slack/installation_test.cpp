#include <gtest/gtest.h>

#include <boost/asio/experimental/awaitable_operators.hpp>

#include "adapters/slack/installations.hpp"
#include "adapters/slack/vault.hpp"
#include "rig.hpp"

namespace broadsheet::slack {
namespace {

using adapters::Sent;
using http::ServerRequest;
using http::ServerResponse;

struct Installing : Rig {
  Installing() : Rig("http", true), routes(slack->routes(sink)) {}

  ServerResponse visit(const std::string& path, http::Parameters query = {}, const std::string& cookie = {}) {
    ServerRequest request;
    request.method = "GET";
    request.path = path;
    request.query = std::move(query);
    request.headers = {{"Cookie", "other=1; " + cookie}};
    for (const auto& route : routes)
      if (route.pattern == path) return get(route.handler(request));
    ADD_FAILURE() << "no route " << path;
    return {};
  }
  // The cookie and the state that a browser is sent away with.
  std::pair<std::string, std::string> begin() {
    auto away = visit("/slack/install");
    std::string cookie(http::header(away.headers, "set-cookie"));
    cookie = cookie.substr(0, cookie.find(';'));
    return {cookie, cookie.substr(cookie.find('=') + 1)};
  }
  void install() {
    auto [cookie, state] = begin();
    EXPECT_EQ(visit("/slack/oauth", {{"state", state}, {"code", "good-code"}}, cookie).status, 200);
  }
  std::vector<adapters::Route> routes;
};

TEST(Vault, OpensOnlyWhatItSealedUnderThatNameAndKey) {
  config::Secret key("key");
  auto sealed = *seal(key, "row", "token");
  EXPECT_EQ(sealed.find("token"), std::string::npos);
  EXPECT_NE(sealed, *seal(key, "row", "token"));
  EXPECT_EQ(unseal(key, "row", sealed), "token");
  EXPECT_FALSE(unseal(key, "other", sealed));
  EXPECT_FALSE(unseal(config::Secret("kez"), "row", sealed));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    auto changed = sealed;
    changed[i] = changed[i] == '0' ? '1' : '0';
    EXPECT_FALSE(unseal(key, "row", changed)) << i;
  }
  EXPECT_FALSE(unseal(key, "row", "zz"));
  EXPECT_FALSE(unseal(key, "row", ""));
  EXPECT_FALSE(seal(config::Secret(""), "row", "token"));
}

TEST(Installing, EndsWithATokenThatIsSealedAndWorks) {
  Installing in;
  in.install();
  ASSERT_TRUE(in.state.rows.contains("slack:installation:T0TEAM"));
  for (const auto& [name, value] : in.state.rows) EXPECT_EQ(value.find("xox"), std::string::npos) << name;
  EXPECT_TRUE(std::holds_alternative<Sent>(in.get(in.slack->send(a_message(std::string(32, 'a'))))));
  // After a restart the stored token is opened again.
  auto again = *Slack::make(in.settings, "https://bot.example.org", {in.client, in.sockets, in.clock, in.state});
  EXPECT_TRUE(std::holds_alternative<Sent>(in.get(again->send(a_message(std::string(32, 'b'))))));
}

TEST(Installing, RefusesAStateThatThisBrowserWasNotGivenOrHasUsed) {
  Installing in;
  auto [cookie, state] = in.begin();
  EXPECT_EQ(in.visit("/slack/oauth", {{"state", state}, {"code", "good-code"}}).status, 403);
  EXPECT_EQ(in.visit("/slack/oauth", {{"state", state}, {"code", "good-code"}}, cookie).status, 403) << "one use";
  EXPECT_EQ(in.visit("/slack/oauth", {{"state", "guess"}, {"code", "good-code"}}, cookie).status, 403);
  EXPECT_EQ(in.fake.calls("oauth.v2.access"), 0U);
}

TEST(Installing, RefreshesAnExpiredTokenOnceForEverybodyAtOnce) {
  Installing in;
  in.install();
  in.fake.expire_token();
  auto both = [&]() -> boost::asio::awaitable<bool> {
    using namespace boost::asio::experimental::awaitable_operators;
    auto [a, b] =
        co_await (in.slack->send(a_message(std::string(32, 'a'))) && in.slack->send(a_message(std::string(32, 'b'))));
    co_return std::holds_alternative<Sent>(a) && std::holds_alternative<Sent>(b);
  };
  EXPECT_TRUE(in.get(both()));
  EXPECT_EQ(in.fake.calls("oauth.v2.access"), 2U) << "one for the code, one refresh";
  EXPECT_EQ(in.fake.posted().size(), 2U);
}

TEST(Installing, ForgetsTheTokenWhenTheAppIsRemoved) {
  Installing in;
  in.install();
  Api api(in.client, in.fake.api(), in.clock);
  Installations installations(api, in.state, in.clock, in.settings);
  auto forget = [&]() -> boost::asio::awaitable<bool> {
    EXPECT_TRUE((co_await installations.of("T0TEAM")).has_value());
    co_await installations.forget("T0TEAM");
    co_await installations.forget("T0TEAM");
    co_return (co_await installations.of("T0TEAM")).has_value();
  };
  EXPECT_FALSE(in.get(forget()));
  EXPECT_EQ(in.state.rows["slack:installation:T0TEAM"], "");
}

TEST(Installing, AnOrgWideInstallationServesItsWorkspaces) {
  Installing in;
  Api api(in.client, in.fake.api(), in.clock);
  Installations installations(api, in.state, in.clock, in.settings);
  auto scenario = [&]() -> boost::asio::awaitable<bool> {
    std::string answer = R"({"access_token":"xoxb-fake","is_enterprise_install":true,"team":null,
        "enterprise":{"id":"E0ORG","name":"Org"},"bot_user_id":"U0BOT"})";
    EXPECT_TRUE((co_await installations.add(answer)).has_value());
    EXPECT_FALSE((co_await installations.of("T0ONE")).has_value()) << "nobody said yet that it belongs there";
    co_await installations.belongs("T0ONE", "E0ORG");
    EXPECT_TRUE((co_await installations.of("T0ONE")).has_value());
    // Also after a restart.
    Installations again(api, in.state, in.clock, in.settings);
    auto known = co_await again.of("T0ONE");
    EXPECT_EQ((co_await again.installed())->at(0), "E0ORG");
    co_await again.forget("T0ONE");
    EXPECT_TRUE((co_await again.installed())->empty());
    co_return known && known->token == "xoxb-fake" && !(co_await again.of("T0ONE"));
  };
  EXPECT_TRUE(in.get(scenario()));
}

TEST(Installing, TellsTheServiceSoThatWhatWaitsGoesOn) {
  Installing in;
  in.install();
  ASSERT_EQ(in.sink.events.size(), 1U);
  const auto& place = std::get<model::PlaceEvent>(in.sink.events[0]);
  EXPECT_EQ(place.state, model::PlaceState::joined);
  EXPECT_EQ(place.target.workspace, "T0TEAM");
  EXPECT_TRUE(place.target.place.empty());
}

}  // namespace
}  // namespace broadsheet::slack
