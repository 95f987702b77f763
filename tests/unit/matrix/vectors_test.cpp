// The contract's vectors, where the shared folder is there.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "adapters/matrix/content.hpp"
#include "adapters/matrix/discovery.hpp"
#include "adapters/matrix/incoming.hpp"
#include "adapters/matrix/markup.hpp"
#include "adapters/matrix/outcome.hpp"
#include "bot/base/text.hpp"
#include "tests/fakes/matrix_content.hpp"

namespace broadsheet::matrix {
namespace {

class Vectors : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::path path = std::filesystem::path(BROADSHEET_SHARED) / "contracts" / "matrix-vectors.json";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "no shared folder here";
    std::ifstream in(path);
    all = Json::parse(in);
  }
  Json all;
};

std::string body_text(const Json& c) {
  if (c.contains("raw")) return c["raw"];
  auto body = c.value("body", Json());
  if (body.is_null()) return "";
  return body.is_string() ? body.get<std::string>() : body.dump();
}

TEST_F(Vectors, CleanAndEscapeText) {
  int checked = 0;
  for (const auto& c : all["text_vectors"]) {
    if (!c.contains("input")) continue;
    EXPECT_EQ(clean_line(c["input"].get<std::string>()), c["plain"].get<std::string>()) << c["id"];
    EXPECT_EQ(text::escape_html(clean_line(c["input"].get<std::string>())), c["html"].get<std::string>()) << c["id"];
    ++checked;
  }
  EXPECT_GT(checked, 15);
}

TEST_F(Vectors, ClassifyEveryError) {
  for (const auto& c : all["error_vectors"]) {
    auto id = c["id"].get<std::string>();
    static const std::map<std::string, CallKind> kCalls = {
        {"send", CallKind::send},       {"sync", CallKind::sync},          {"login", CallKind::login},
        {"refresh", CallKind::refresh}, {"join", CallKind::join},          {"redact", CallKind::redact},
        {"upload", CallKind::upload},   {"register", CallKind::register_}, {"download", CallKind::download}};
    if (c["call"] == "room_check" || id == "err/tls") continue;  // an answer of its own; a transport's matter
    auto call = kCalls.find(c["call"].get<std::string>());
    Circumstances now;
    now.call = call == kCalls.end() ? CallKind::any : call->second;
    now.have_refresh_token = c.value("have_refresh_token", false);
    now.can_login = c.value("can_login", false);
    now.appservice = c.value("appservice", false);
    now.since_invite = std::chrono::seconds(c.value("since_invite_s", 0));
    now.bytes = c.value("bytes", std::size_t{0});
    now.upload_limit = c.value("upload_size", std::size_t{0});
    EXPECT_EQ(to_string(classify(c["status"], body_text(c), now)), c["class"].get<std::string>()) << id;
  }
}

TEST_F(Vectors, ReadEveryCommand) {
  const auto& v = all["command_vectors"];
  Self self{v["bot_user_id"], v["bot_display_name"], v["prefix"]};
  for (const auto& c : v["cases"]) {
    Freshness freshness;
    if (c.contains("max_age_ms")) {
      freshness.now = Moment(std::chrono::milliseconds(c["now_ms"].get<std::int64_t>()));
      freshness.max_age = std::chrono::milliseconds(c["max_age_ms"].get<std::int64_t>());
    }
    auto incoming = read_event(c["event"], "!r:example.org", self, freshness);
    const auto* typed = std::get_if<Typed>(&incoming);
    if (c.contains("ignore")) {
      auto reason = typed != nullptr && !typed->addressed       ? "not_for_us"
                    : std::holds_alternative<Ignored>(incoming) ? to_string(std::get<Ignored>(incoming))
                                                                : "taken";
      EXPECT_EQ(reason, c["ignore"].get<std::string>()) << c["id"];
      continue;
    }
    ASSERT_NE(typed, nullptr) << c["id"];
    auto args = c["args"].get<std::string>();
    auto expected = c["command"].get<std::string>() + (args.empty() ? "" : " " + args);
    EXPECT_EQ(text::lower_ascii(typed->text), text::lower_ascii(expected)) << c["id"];
    EXPECT_TRUE(typed->addressed) << c["id"];
    EXPECT_EQ(typed->thread, c.value("thread", "")) << c["id"];
    EXPECT_EQ(typed->answers, c.value("reply_to", "")) << c["id"];
  }
}

TEST_F(Vectors, WaitAsLongAsEveryReplyAsks) {
  for (const auto& c : all["rate_limits"]["replies"]) {
    http::Response response{c["status"], {}, body_text(c)};
    for (const auto& [name, value] : c["headers"].items()) response.headers.emplace_back(name, value);
    EXPECT_EQ(wait_of(response).count(), c["wait_ms"].get<std::int64_t>()) << c["id"];
  }
}

TEST_F(Vectors, NameTransactions) {
  for (const auto& c : all["txn_vectors"]["cases"]) {
    const auto& in = c["input"];
    TransactionName name{in["user_id"],  in["device_id"], in["room_id"], in["event_type"],
                         in["delivery"], in["part"],      in["revision"]};
    EXPECT_EQ(transaction_id(name), c["txn_id"].get<std::string>()) << c["id"];
  }
}

TEST_F(Vectors, ReadWellKnown) {
  for (const auto& c : all["wellknown_vectors"]) {
    if (c.contains("request"))
      EXPECT_EQ(well_known_url(c["server_name"].get<std::string>()), c["request"].get<std::string>());
    if (c.contains("user_id"))
      EXPECT_EQ(server_of(c["user_id"].get<std::string>()), c["server_name"].get<std::string>());
    if (!c.contains("result") || c["id"] == "wk/versions-fail") continue;
    static const std::map<std::string, Discovery> kResults = {{"IGNORE", Discovery::ignore},
                                                              {"OK", Discovery::ok},
                                                              {"FAIL_PROMPT", Discovery::fail_prompt},
                                                              {"FAIL_ERROR", Discovery::fail_error}};
    auto read = read_well_known(c["status"], body_text(c));
    EXPECT_EQ(read.result, kResults.at(c["result"].get<std::string>())) << c["id"];
    EXPECT_EQ(read.base_url, c.value("base_url", "")) << c["id"];
  }
}

TEST_F(Vectors, BuildMessages) {
  for (const auto& c : all["builders"]) {
    const auto& in = c["input"];
    auto kind = c["build"].get<std::string>();
    if (in.contains("mention") || kind == "image" || kind == "file") continue;  // never sent by us
    if (kind == "reaction") {
      EXPECT_EQ(reaction(in["target"], in["key"].get<std::string>()), c["content"]) << c["id"];
      continue;
    }
    auto html = in["html"].is_null() ? std::string() : in["html"].get<std::string>();
    auto content = message(in["notify"], in["body"].get<std::string>(), html);
    if (kind == "thread_message")
      in_thread(content, in["root"], in["last"].is_null() ? std::string() : in["last"].get<std::string>());
    if (kind == "thread_reply") reply_in_thread(content, in["root"], in["reply_to"]);
    if (kind == "reply") reply_to(content, in["reply_to"]);
    if (kind == "edit") content = edit_of(in["original"], content);
    EXPECT_EQ(content, c["content"]) << c["id"];
  }
}

// The fake's judge must know what is wrong before its silence means anything.
TEST_F(Vectors, TheFakesJudgeFindsEveryWrongContent) {
  for (const auto& c : all["content_vectors"]) {
    auto content = c["content"];
    auto type = c.value("type", "m.room.message");
    if (type != "m.room.message") continue;
    if (c.contains("repeat")) {
      std::string text;
      for (int i = 0; i < c["repeat"]["count"].get<int>(); ++i) text += c["repeat"]["text"].get<std::string>();
      content["body"] = text;
    }
    auto faults = fakes::content_faults(content.dump(), c.value("paper_safe", false));
    if (c.value("valid", false)) EXPECT_TRUE(faults.empty()) << c["id"] << ": " << Json(faults).dump();
    for (const auto& rule : c.value("rules", Json::array()))
      EXPECT_NE(std::find(faults.begin(), faults.end(), rule.get<std::string>()), faults.end())
          << c["id"] << " lacks " << rule << ", has " << Json(faults).dump();
  }
}

TEST_F(Vectors, NeverMakeAPersonOfPaperText) {
  for (const auto& c : all["mention_safety"]) {
    if (c.value("guard", false)) continue;  // not offered
    doc::Document document{{doc::Paragraph{{doc::Text{c["input"].get<std::string>()}}, 0}}};
    EXPECT_EQ(to_body(document), c["body"].get<std::string>()) << c["id"];
    EXPECT_EQ(fakes::links_in(to_html(document, {})), std::vector<std::string>()) << c["id"];
  }
}

}  // namespace
}  // namespace broadsheet::matrix
