#include <nlohmann/json.hpp>

#include "adapters/matrix/seal.hpp"
#include "tests/unit/matrix/harness.hpp"

namespace broadsheet::matrix {
namespace {

using adapters::RefusalClass;
using adapters::Refused;
using adapters::Sent;

class MatrixLogin : public Harness {
 protected:
  MatrixLogin() {
    settings.access_token = config::Secret();
    settings.password = config::Secret("open-sesame");
  }
};
using MatrixToken = Harness;

TEST_F(MatrixLogin, LogsInOnceForEver) {
  ASSERT_TRUE(std::holds_alternative<Sent>(run(bot().send(request("a", "k1")))));
  restart_bot();
  ASSERT_TRUE(std::holds_alternative<Sent>(run(bot().send(request("b", "k2")))));
  EXPECT_EQ(server.logins(), 1U);
}

TEST_F(MatrixLogin, KeepsTokensClosed) {
  ASSERT_TRUE(std::holds_alternative<Sent>(run(bot().send(request("a", "k1")))));
  for (const auto& [name, value] : state.values) {
    EXPECT_EQ(value.find("tok-"), std::string::npos) << name;
    EXPECT_EQ(value.find("refresh-"), std::string::npos) << name;
  }
  EXPECT_TRUE(unseal(state.values.at("matrix.session"), "a key for tests"));
  EXPECT_FALSE(unseal(state.values.at("matrix.session"), "another key"));
}

TEST_F(MatrixLogin, RefreshesOnceForAllWhoWait) {
  ASSERT_TRUE(std::holds_alternative<Sent>(run(bot().send(request("a", "k0")))));
  server.expire_token(false);
  int sent = 0, done = 0;
  for (int i = 1; i <= 5; ++i)
    boost::asio::co_spawn(io, bot().send(request("b", "k" + std::to_string(i))),
                          [&](const std::exception_ptr&, const adapters::SendOutcome& outcome) {
                            ++done;
                            sent += std::holds_alternative<Sent>(outcome) ? 1 : 0;
                          });
  ASSERT_TRUE(wait([&] { return done == 5; }));
  EXPECT_EQ(sent, 5);
  EXPECT_EQ(server.refreshes(), 1U);
  EXPECT_EQ(server.logins(), 1U);
}

TEST_F(MatrixLogin, KeepsTheOldPairWhileRefreshingFails) {
  ASSERT_TRUE(std::holds_alternative<Sent>(run(bot().send(request("a", "k0")))));
  server.expire_token(false);
  server.fail_next("/refresh", {.status = 502});
  EXPECT_TRUE(std::holds_alternative<adapters::NotSent>(run(bot().send(request("b", "k1")))));
  EXPECT_TRUE(std::holds_alternative<Sent>(run(bot().send(request("b", "k1")))));
}

TEST_F(MatrixLogin, DoesNotUseAPairThatItCouldNotStore) {
  ASSERT_TRUE(std::holds_alternative<Sent>(run(bot().send(request("a", "k0")))));
  server.expire_token(false);
  state.broken = true;
  EXPECT_FALSE(std::holds_alternative<Sent>(run(bot().send(request("b", "k1")))));
  EXPECT_EQ(server.refreshes(), 1U);
}

TEST_F(MatrixLogin, SaysWhenThePasswordIsWrong) {
  settings.password = config::Secret("wrong");
  auto outcome = run(bot().send(request("a", "k1")));
  ASSERT_TRUE(std::holds_alternative<Refused>(outcome));
  EXPECT_EQ(std::get<Refused>(outcome).refusal, RefusalClass::installation);
  EXPECT_NE(bot().trouble(), "");
  EXPECT_TRUE(std::holds_alternative<Refused>(run(bot().send(request("a", "k2")))));
  EXPECT_EQ(server.logins(), 1U) << "a wrong password is not tried again";
}

TEST_F(MatrixLogin, TheDoctorTriesThePasswordAndLeavesNothingBehind) {
  auto row = run(bot().doctor()).at(0);
  EXPECT_TRUE(row.ok) << row.found;
  EXPECT_NE(row.found.find("whose password is right"), std::string::npos) << row.found;
  EXPECT_FALSE(state.values.contains("matrix.session"));
  settings.password = config::Secret("wrong");
  restart_bot();
  row = run(bot().doctor()).at(0);
  EXPECT_FALSE(row.ok);
  EXPECT_NE(row.found.find("trying matrix.password"), std::string::npos) << row.found;
  EXPECT_NE(row.fix.find("credentials"), std::string::npos) << row.fix;
}

TEST_F(MatrixLogin, TheDoctorKnowsATokenThatRanOutFromASessionThatHasEnded) {
  ASSERT_TRUE(std::holds_alternative<Sent>(run(bot().send(request("a", "k1")))));
  server.expire_token(true);
  auto row = run(bot().doctor()).at(0);
  EXPECT_NE(row.found.find("has run out"), std::string::npos) << row.found;
  server.expire_token(false);
  row = run(bot().doctor()).at(0);
  EXPECT_NE(row.found.find("whose password is right"), std::string::npos) << row.found;
}

TEST_F(MatrixToken, TheDoctorFindsASessionThatHasEnded) {
  server.expire_token(false);
  auto row = run(bot().doctor()).at(0);
  EXPECT_FALSE(row.ok);
  EXPECT_NE(row.found.find("has ended this session"), std::string::npos) << row.found;
}

// Who does not answer has judged no credential.
TEST_F(MatrixToken, TheDoctorBlamesNoCredentialWhereNobodyAnswers) {
  server.fail_next("whoami", {.status = 502});
  auto row = run(bot().doctor()).at(0);
  EXPECT_FALSE(row.ok);
  EXPECT_NE(row.fix.find("no credential was judged"), std::string::npos) << row.fix;
}

TEST_F(MatrixToken, StopsWhenTheTokenIsRevoked) {
  ASSERT_TRUE(std::holds_alternative<Sent>(run(bot().send(request("a", "k0")))));
  server.expire_token(true);
  auto outcome = run(bot().send(request("b", "k1")));
  ASSERT_TRUE(std::holds_alternative<Refused>(outcome));
  EXPECT_EQ(std::get<Refused>(outcome).refusal, RefusalClass::installation);
  auto calls = server.http().count();
  EXPECT_TRUE(std::holds_alternative<Refused>(run(bot().send(request("c", "k2")))));
  EXPECT_EQ(server.http().count(), calls) << "calls with a dead token";
}

TEST_F(MatrixToken, RefusesAnothersToken) {
  settings.user_id = "@somebody:example.org";
  auto outcome = run(bot().send(request("a", "k1")));
  ASSERT_TRUE(std::holds_alternative<Refused>(outcome));
  EXPECT_TRUE(server.sent(kRoom).empty());
}

TEST_F(MatrixToken, WaitsForALockedAccount) {
  server.fail_next("whoami", {.status = 401, .body = R"({"errcode":"M_USER_LOCKED","soft_logout":true})"});
  EXPECT_TRUE(std::holds_alternative<adapters::NotSent>(run(bot().send(request("a", "k1")))));
  EXPECT_TRUE(std::holds_alternative<Sent>(run(bot().send(request("a", "k1")))));
}

TEST(Sealing, NoticesEveryChange) {
  auto sealed = seal("tokens", "key", [] { return std::uint64_t{7}; });
  EXPECT_EQ(unseal(sealed, "key"), "tokens");
  for (std::size_t i = 3; i < sealed.size(); ++i) {
    auto changed = sealed;
    changed[i] = changed[i] == '0' ? '1' : '0';
    EXPECT_FALSE(unseal(changed, "key")) << i;
  }
  EXPECT_FALSE(unseal("", "key"));
  EXPECT_FALSE(unseal("v1:00", "key"));
}

}  // namespace
}  // namespace broadsheet::matrix
