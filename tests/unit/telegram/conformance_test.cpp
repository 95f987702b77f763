// The contract of the seam, proved for Telegram over the strict Bot API (tests/unit/platform/conformance.hpp).
#include "tests/unit/platform/conformance.hpp"

#include <thread>

#include "bot/net/client.hpp"
#include "support.hpp"
#include "tests/fakes/fake_telegram.hpp"

namespace broadsheet::telegram {
namespace {

constexpr std::int64_t kGroup = -1001000000001;

struct TelegramHarness {
  boost::asio::io_context context{1};
  SystemClock clock;
  fakes::FakeTelegram fake{clock, unlimited()};
  async::Offload resolver{1};
  http::Client client{context.get_executor(), resolver, clock, {}};
  test::MemoryState state;
  Telegram telegram{settings(), client, clock, state, options()};

  TelegramHarness() {
    fakes::TelegramChat group;
    group.id = kGroup;
    group.kind = fakes::ChatKind::supergroup;
    fake.add_chat(group);
  }
  ~TelegramHarness() {
    client.close_idle();
    context.restart();
    context.run_for(std::chrono::milliseconds(50));
  }
  TelegramHarness(const TelegramHarness&) = delete;
  TelegramHarness& operator=(const TelegramHarness&) = delete;

  static fakes::FakeTelegram::Options unlimited() {
    fakes::FakeTelegram::Options out;
    out.limits_scale = 0;
    return out;
  }
  static TelegramOptions options() {
    TelegramOptions out;
    out.probe.pause = std::chrono::milliseconds(0);
    return out;
  }
  config::Telegram settings() const {
    auto out = test::settings("poll", fake.base());
    out.token = config::Secret(fake.token());
    return out;
  }

  boost::asio::io_context& io() { return context; }
  adapters::Platform& platform() { return telegram; }
  static model::Target target() { return test::target("telegram:-1001000000001"); }
  static model::Target unknown() { return test::target("telegram:-1009999999999"); }
  std::vector<std::string> visible() const {
    std::vector<std::string> out;
    for (const auto& message : fake.visible(kGroup)) out.push_back(message.content.text);
    return out;
  }
  // The server is done with what it was sent (design: reliability 3, A1): in real time, it has a thread of its own.
  static void quiet() { std::this_thread::sleep_for(std::chrono::milliseconds(60)); }
};

}  // namespace
}  // namespace broadsheet::telegram

namespace broadsheet::adapters {
INSTANTIATE_TYPED_TEST_SUITE_P(Telegram, PlatformConformance, testing::Types<telegram::TelegramHarness>);
}  // namespace broadsheet::adapters
