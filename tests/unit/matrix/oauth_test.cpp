// `matrix login` by the OAuth device grant, and the service that lives on its session (contracts: Matrix 3.4).
#include "tests/unit/matrix/harness.hpp"

namespace broadsheet::matrix {
namespace {

using adapters::RefusalClass;
using adapters::Refused;
using adapters::Sent;

struct MatrixOauth : Harness {
  explicit MatrixOauth(fakes::FakeMatrixOptions options = {.oauth = true}) : Harness(std::move(options)) {
    settings.access_token = config::Secret();
  }
  Status log_in() {
    return run(login(settings, doors(), [this](std::string line) { said += line + "\n"; }));
  }
  std::string said;
};
struct MatrixOauthDenied : MatrixOauth {
  MatrixOauthDenied() : MatrixOauth({.oauth = true, .oauth_denied = true}) {}
};

TEST_F(MatrixOauth, ShowsWhereToGoAndKeepsTheSessionForTheService) {
  auto done = log_in();
  ASSERT_TRUE(done) << done.error().what();
  EXPECT_NE(said.find("/link?code=ABCD-EFGH and allow the login; the code is ABCD-EFGH."), std::string::npos) << said;
  EXPECT_NE(said.find("Logged in as @bot:example.org."), std::string::npos) << said;
  EXPECT_EQ(state.values.at(kStoredSession).find("tok-"), std::string::npos) << "a token lies open";
  EXPECT_TRUE(std::holds_alternative<Sent>(run(bot().send(request("hello", "k1")))));
  EXPECT_EQ(server.logins(), 0U);
}

TEST_F(MatrixOauth, RefreshesAtTheTokenEndpointOnceForAllAndSurvivesRestarts) {
  ASSERT_TRUE(log_in());
  ASSERT_TRUE(std::holds_alternative<Sent>(run(bot().send(request("one", "k1")))));
  server.expire_token(false);
  std::size_t ended = 0;
  for (int i = 0; i < 5; ++i)
    boost::asio::co_spawn(io, bot().send(request("more", "more" + std::to_string(i))),
                          [&](const std::exception_ptr& thrown, const adapters::SendOutcome& outcome) {
                            EXPECT_FALSE(thrown);
                            EXPECT_TRUE(std::holds_alternative<Sent>(outcome));
                            ++ended;
                          });
  EXPECT_TRUE(wait([&] { return ended == 5; }));
  EXPECT_EQ(server.refreshes(), 1U);
  restart_bot();
  EXPECT_TRUE(std::holds_alternative<Sent>(run(bot().send(request("two", "k2")))));
  EXPECT_EQ(server.refreshes(), 1U);
}

TEST_F(MatrixOauth, TriesAgainAfterAServerErrorAndGivesUpWhenItIsLoggedOut) {
  ASSERT_TRUE(log_in());
  ASSERT_TRUE(std::holds_alternative<Sent>(run(bot().send(request("one", "k1")))));
  server.expire_token(false);
  server.fail_next("/oauth/token", {.status = 502});
  EXPECT_TRUE(std::holds_alternative<adapters::NotSent>(run(bot().send(request("two", "k2")))));
  EXPECT_TRUE(std::holds_alternative<Sent>(run(bot().send(request("two", "k2")))));
  server.expire_token(false);
  server.fail_next("/oauth/token", {.status = 400, .body = R"({"error":"invalid_grant"})"});
  auto lost = run(bot().send(request("three", "k3")));
  ASSERT_TRUE(std::holds_alternative<Refused>(lost));
  EXPECT_EQ(std::get<Refused>(lost).refusal, RefusalClass::installation);
  EXPECT_NE(bot().trouble().find("matrix login"), std::string::npos) << bot().trouble();
}

TEST_F(MatrixOauthDenied, SaysThatItWasRefused) {
  auto done = log_in();
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().what().find("refused"), std::string::npos) << done.error().what();
  EXPECT_FALSE(state.values.contains(kStoredSession));
}

using MatrixPlain = Harness;
TEST_F(MatrixPlain, SaysWhenTheHomeserverOffersNoOauth) {
  settings.access_token = config::Secret();
  auto done = run(login(settings, doors(), [](const std::string&) {}));
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().what().find("offers no OAuth"), std::string::npos) << done.error().what();
}

}  // namespace
}  // namespace broadsheet::matrix
