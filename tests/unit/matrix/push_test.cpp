#include <nlohmann/json.hpp>

#include "bot/net/router.hpp"
#include "tests/unit/matrix/harness.hpp"

namespace broadsheet::matrix {
namespace {

using Json = nlohmann::json;

class MatrixPush : public Harness {
 protected:
  explicit MatrixPush(bool devices_by_put = true)
      : Harness({.as_token = "as-secret", .devices_by_put = devices_by_put}) {
    settings.mode = "appservice";
    settings.hs_token = config::Secret("hs-secret");
  }
  void begin() {
    for (auto& route : bot().routes(sink)) router.add(route.method, route.pattern, route.handler);
    start();
    ASSERT_TRUE(wait([&] { return state.values.contains("matrix.rooms"); }));
  }
  http::ServerResponse call(const std::string& method, const std::string& path, const std::string& body,
                            const std::string& token = "hs-secret") {
    http::ServerRequest request;
    request.method = method;
    request.path = path;
    for (std::size_t at = 1; at <= path.size();) {
      auto slash = std::min(path.find('/', at), path.size());
      request.segments.push_back(path.substr(at, slash - at));
      at = slash + 1;
    }
    if (!token.empty()) request.headers.emplace_back("Authorization", "Bearer " + token);
    request.body = body;
    return run(router.route(std::move(request)));
  }
  static std::string command(const std::string& id, const std::string& text) {
    Json event{{"type", "m.room.message"}, {"event_id", id}, {"sender", kAda}, {"room_id", kRoom}};
    event["content"] = {{"msgtype", "m.text"}, {"body", text}};
    return Json{{"events", Json::array({event})}}.dump();
  }
  static constexpr const char* kTransaction = "/_matrix/app/v1/transactions/17";
  http::Router router;
};
class MatrixOldPush : public MatrixPush {
 protected:
  MatrixOldPush() : MatrixPush(false) {}
};

TEST_F(MatrixPush, TakesEachEventOnceWhateverTheTransaction) {
  begin();
  EXPECT_EQ(call("PUT", kTransaction, command("$1", "!arxiv help")).status, 200);
  EXPECT_EQ(call("PUT", kTransaction, command("$1", "!arxiv help")).status, 200);
  EXPECT_EQ(call("PUT", kTransaction, command("$2", "!arxiv list")).status, 200);
  EXPECT_EQ(call("PUT", "/_matrix/app/v1/transactions/18", command("$1", "!arxiv help")).body, "{}");
  ASSERT_EQ(sink.commands.size(), 2U);
  EXPECT_EQ(sink.commands[1].text, "list");
}

TEST_F(MatrixPush, ChecksTheHomeserversToken) {
  begin();
  auto missing = call("PUT", kTransaction, "{\"events\":[]}", "");
  EXPECT_EQ(missing.status, 401);
  EXPECT_EQ(Json::parse(missing.body)["errcode"], "M_MISSING_TOKEN");
  for (const char* wrong : {"nope", "hs-secreT", "hs-secre", "hs-secrett", "as-secret"})
    EXPECT_EQ(call("PUT", kTransaction, command("$1", "!arxiv help"), wrong).status, 403) << wrong;
  EXPECT_TRUE(sink.commands.empty());
}

TEST_F(MatrixPush, AsksForTheSameAgainWhenItCouldNotStore) {
  begin();
  sink.refuse = 1;
  EXPECT_EQ(call("PUT", kTransaction, command("$1", "!arxiv help")).status, 500);
  EXPECT_EQ(call("PUT", kTransaction, command("$1", "!arxiv help")).status, 200);
  EXPECT_EQ(sink.commands.size(), 1U);
}

TEST_F(MatrixPush, AnswersWhatIsWrongInTheSpecifiedWords) {
  begin();
  EXPECT_EQ(Json::parse(call("PUT", kTransaction, "{").body)["errcode"], "M_NOT_JSON");
  EXPECT_EQ(call("PUT", kTransaction, "{\"events\":5}").status, 400);
  EXPECT_EQ(call("POST", kTransaction, "{}").status, 405);
  EXPECT_EQ(call("POST", "/_matrix/app/v1/ping", "{\"transaction_id\":\"x\"}").status, 200);
  EXPECT_EQ(Json::parse(call("GET", "/_matrix/app/v1/users/@x:y", "").body)["errcode"], "M_NOT_FOUND");
  EXPECT_EQ(call("PUT", "/transactions/17", "{\"events\":[]}").status, 404);
}

// The homeserver repeats a refused transaction for ever, and everything later waits behind it.
TEST_F(MatrixPush, TakesTheRestOfATransactionInWhichOneEventIsUnfit) {
  begin();
  auto body = command("$2", "!arxiv list");
  auto deep = std::string(300, '[') + std::string(300, ']');
  body.insert(body.find('[') + 1, R"({"content":)" + deep + R"(},{"type":"a","type":"b"},)");
  EXPECT_EQ(call("PUT", kTransaction, body).status, 200);
  ASSERT_EQ(sink.commands.size(), 1U);
  EXPECT_EQ(sink.commands[0].id, "$2");
}

TEST_F(MatrixPush, WaitsUntilItKnowsWhoItIs) {
  for (auto& route : bot().routes(sink)) router.add(route.method, route.pattern, route.handler);
  EXPECT_EQ(call("PUT", kTransaction, command("$1", "!arxiv help")).status, 503);
}

TEST_F(MatrixPush, SendsAsADeviceNeverWithABareToken) {
  ASSERT_TRUE(std::holds_alternative<adapters::Sent>(run(bot().send(request("x", "k1")))));
  for (const auto& seen : server.http().seen())
    if (seen.target.find("/send/") != std::string::npos)
      EXPECT_NE(seen.target.find("device_id=BROADSHEET_"), std::string::npos) << seen.target;
}

TEST_F(MatrixOldPush, LogsInWhereDevicesCannotBeMade) {
  ASSERT_TRUE(std::holds_alternative<adapters::Sent>(run(bot().send(request("x", "k1")))));
  EXPECT_EQ(server.logins(), 1U);
  for (const auto& seen : server.http().seen())
    if (seen.target.find("/send/") != std::string::npos)
      EXPECT_NE(seen.headers.at("authorization"), "Bearer as-secret");
}

}  // namespace
}  // namespace broadsheet::matrix
