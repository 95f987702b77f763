// The fake's payload checker against the contract's verdicts: what it lets pass, Slack takes.
#include <gtest/gtest.h>

#include "../../fakes/slack_payload.hpp"
#include "vectors.hpp"

namespace broadsheet::fakes {
namespace {

TEST(FakeSlack, JudgesPayloadsAsTheContractDoes) {
  SLACK_VECTORS_OR_SKIP(vectors);
  std::size_t checked = 0;
  for (const auto& v : vectors["block_kit"]) {
    PayloadRules rules;
    rules.view = v.value("view", false);
    rules.product = v.value("product", true) && !rules.view;
    rules.allow_mentions = v.value("allow_mentions", false);
    // Examples of Slack's limits alone do not all keep our own rules.
    auto payload = test::expanded(v["payload"]);
    auto faults = check_payload(payload, rules);
    EXPECT_EQ(faults.empty(), v["expect"] == "ok") << v["id"] << (faults.empty() ? "" : ": " + faults.front());
    ++checked;
  }
  EXPECT_GE(checked, 118U);
}

TEST(FakeSlack, SeesMentionsBareMarkupAndLongText) {
  nlohmann::json message = {{"channel", "C1"}, {"text", "x <!here>"}, {"unfurl_links", false}, {"unfurl_media", false}};
  EXPECT_FALSE(check_payload(message).empty());
  message["text"] = "x &lt;!here&gt;";
  EXPECT_TRUE(check_payload(message).empty());
  message["blocks"] = nlohmann::json(51, {{"type", "divider"}});
  EXPECT_FALSE(check_payload(message).empty());
}

}  // namespace
}  // namespace broadsheet::fakes
