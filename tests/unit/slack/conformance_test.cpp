// The seam's contract with Slack.
#include "../platform/conformance.hpp"

#include "direct.hpp"
#include "rig.hpp"

namespace broadsheet::slack {
namespace {

struct Harness {
  Harness() {
    config::Slack settings;
    settings.api_url = fake.api();
    settings.hooks_url = fake.hooks();
    settings.app_token = config::Secret("xapp-fake");
    settings.bot_token = config::Secret("xoxb-fake");
    fake.member_of("C0CLOSED", false);
    slack = std::move(*Slack::make(settings, {}, {transport, sockets, clock, state}));
  }
  ~Harness() { EXPECT_EQ(fake.faults(), std::vector<std::string>()); }
  Harness(const Harness&) = delete;
  Harness& operator=(const Harness&) = delete;

  boost::asio::io_context& io() { return context; }
  adapters::Platform& platform() { return *slack; }
  static Target target() { return channel(); }
  static Target unknown() { return channel("C0CLOSED"); }
  std::vector<std::string> visible() const {
    std::vector<std::string> out;
    for (const auto& message : fake.posted())
      if (!message.deleted) out.push_back(message.text);
    return out;
  }

  boost::asio::io_context context{1};
  fakes::FakeSlack fake;
  DirectTransport transport{fake};
  NoSockets sockets;
  SystemClock clock;
  MapState state;
  std::unique_ptr<Slack> slack;
};

}  // namespace
}  // namespace broadsheet::slack

namespace broadsheet::adapters {
INSTANTIATE_TYPED_TEST_SUITE_P(Slack, PlatformConformance, testing::Types<slack::Harness>);
}  // namespace broadsheet::adapters
