// The preview platform: the seam's contract, and what is its own.
#include "adapters/preview/preview.hpp"

#include <map>
#include <nlohmann/json.hpp>

#include "bot/async/async.hpp"
#include "conformance.hpp"

namespace broadsheet::preview {
namespace {

using namespace adapters;

// Values in memory; every access takes a turn of the loop, as the real one does.
class Memory final : public State {
 public:
  awaitable<Result<std::optional<std::string>>> get(std::string name) override {
    co_await turn();
    auto at = values.find(name);
    co_return at == values.end() ? std::nullopt : std::optional(at->second);
  }
  awaitable<Status> put(std::string name, std::string value) override {
    co_await turn();
    if (puts_left == 0) co_return Error(ErrorKind::no_space, "the disk is full");
    if (puts_left > 0) --puts_left;
    values[name] = std::move(value);
    co_return Status{};
  }
  std::map<std::string, std::string> values;
  int puts_left = -1;

 private:
  static awaitable<void> turn() {
    co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
  }
};

struct PreviewHarness {
  boost::asio::io_context context{1};
  Memory state;
  ManualClock clock{*parse_iso("2026-01-13T06:00:00Z")};
  Preview preview{state, clock, context.get_executor()};

  boost::asio::io_context& io() { return context; }
  Platform& platform() { return preview; }
  static model::Target target() { return *model::Target::parse("preview:demo"); }
  static model::Target unknown() { return *model::Target::parse("telegram:-100777"); }
  std::vector<Message> messages() {
    std::optional<Result<std::vector<Message>>> out;
    boost::asio::co_spawn(context, preview.messages("demo"),
                          [&out](const std::exception_ptr& thrown, Result<std::vector<Message>> r) {
                            if (thrown) std::rethrow_exception(thrown);
                            out = std::move(r);
                          });
    context.restart();
    context.run();
    return out && *out ? **out : std::vector<Message>();
  }
  std::vector<std::string> visible() {
    std::vector<std::string> out;
    for (const auto& message : messages()) out.push_back(message.text);
    return out;
  }
};

}  // namespace
}  // namespace broadsheet::preview

namespace broadsheet::adapters {
INSTANTIATE_TYPED_TEST_SUITE_P(Preview, PlatformConformance, testing::Types<preview::PreviewHarness>);
}  // namespace broadsheet::adapters

namespace broadsheet::preview {
namespace {

struct PreviewTest : PlatformConformance<PreviewHarness> {
  void TestBody() override {}
};

TEST_F(PreviewTest, ShowsASmallDigestInOneMessageAndALargeOneAsAThread) {
  EXPECT_EQ(platform().render(invented_digest(3), {}).size(), 1U);
  auto parts = invented_digest(3);
  parts[1].document.blocks.emplace_back(doc::Paragraph{{doc::plain(std::string(5000, 'x'))}});
  auto many = platform().render(parts, {});
  ASSERT_EQ(many.size(), 4U);
  EXPECT_FALSE(many[0].in_thread);
  EXPECT_TRUE(many[1].in_thread);
  RenderOptions flat;
  flat.thread = model::ThreadPolicy::off;
  EXPECT_FALSE(platform().render(parts, flat)[1].in_thread);
}

TEST_F(PreviewTest, KeepsThreadsButtonsAndBlocksWithoutMarkup) {
  auto first = sent(request(one(1), 1));
  sent(request(one(2), 2, first));
  auto kept = harness.messages();
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[1].thread, first);
  EXPECT_EQ(kept[1].key, key(2));
  auto body = nlohmann::json::parse(kept[0].body);
  EXPECT_EQ(body["blocks"][0]["block"], "card");
  EXPECT_EQ(body["blocks"][0]["content"][2]["buttons"][0]["label"], "Details");
}

TEST_F(PreviewTest, KeepsTheNewestTwoHundred) {
  for (int i = 1; i <= 205; ++i) sent(request(one(1), i));
  auto kept = harness.messages();
  ASSERT_EQ(kept.size(), kKept);
  EXPECT_EQ(kept.front().id.str(), "6");
  EXPECT_EQ(kept.back().id.str(), "205");
  EXPECT_LE(harness.state.values.size(), kKept + 1);
  for (const auto& [name, value] : harness.state.values) EXPECT_LT(value.size(), 65536U) << name;
  auto gone = run(platform().edit(harness.target(), "5", one(2)));
  EXPECT_TRUE(std::holds_alternative<Refused>(gone));
}

TEST_F(PreviewTest, TakesTheSameKeyOnce) {
  EXPECT_EQ(sent(request(one(1), 1)), sent(request(one(1), 1)));
  EXPECT_EQ(harness.visible().size(), 1U);
}

TEST_F(PreviewTest, SaysNotSentOrUnknownWhenTheDiskIsFull) {
  harness.state.puts_left = 0;
  EXPECT_TRUE(std::holds_alternative<NotSent>(run(platform().send(request(one(1), 1)))));
  harness.state.puts_left = 1;
  EXPECT_TRUE(std::holds_alternative<Unknown>(run(platform().send(request(one(1), 1)))));
  harness.state.puts_left = -1;
  EXPECT_TRUE(std::holds_alternative<Absent>(find(request(one(1), 1))));
  sent(request(one(1), 1));
  EXPECT_EQ(harness.visible().size(), 1U);
}

TEST_F(PreviewTest, FitsAGiganticPartIntoAValue) {
  auto part = invented_card(1);
  std::string sentences;
  for (int i = 0; i < 30; ++i) sentences += "A sentence that goes on and on. \"Quoted\" ";
  for (int i = 0; i < 60; ++i) part.document.blocks.emplace_back(doc::Paragraph{{doc::plain(sentences)}, 2});
  auto messages = platform().render({part}, {});
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_LT(messages[0].body.size() + messages[0].preview.size(), 48U << 10U);
  EXPECT_FALSE(sent(request(messages[0], 1)).empty());
}

TEST_F(PreviewTest, KeepsTheOrderOfSendsAtOnce) {
  int ended = 0;
  for (int i = 1; i <= 5; ++i)
    boost::asio::co_spawn(harness.io(), platform().send(request(one(i), i)),
                          [&ended](const std::exception_ptr& thrown, const SendOutcome& outcome) {
                            if (!thrown && std::holds_alternative<Sent>(outcome)) ++ended;
                          });
  harness.io().restart();
  harness.io().run();
  EXPECT_EQ(ended, 5);
  EXPECT_EQ(harness.visible().size(), 5U);
}

}  // namespace
}  // namespace broadsheet::preview
