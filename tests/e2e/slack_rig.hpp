// `serve` with a Slack section against both fakes, in either mode.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/run_program.hpp"
#include "tests/fakes/fake_arxiv.hpp"
#include "tests/fakes/fake_slack.hpp"
#include "tests/fakes/slack_driver.hpp"

namespace broadsheet::e2e {

using namespace std::chrono_literals;

inline constexpr const char* kSigning = "signing secret of the test";

// The program goes ten times slower under a sanitizer.
inline constexpr double slack_rate(double usual) {
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
  return usual / 3;
#endif
#endif
  return usual;
}

struct SlackService {
  enum class Mode : std::uint8_t { http, socket };

  SlackService(Mode way, const std::string& start, double speed, std::vector<fakes::Batch> papers = usual_papers());
  static std::vector<fakes::Batch> usual_papers();

  // Configuration: many workspaces by OAuth, or the token of T0TEAM.
  void configure(const std::vector<std::string>& targets, bool oauth, const std::string& more = {});
  std::vector<std::string> serve() const;
  // Rows of an outbox that the next serve() finds: a summary and its cards for each of these channels of T0TEAM.
  void enqueue(int channels, int parts) const;
  static std::string channel(int n) { return "C0N" + std::to_string(n); }
  // An admin of that workspace goes through the installation in a browser.
  bool install(const std::string& team) const;

  // What Slack would send, by whichever way; true when it was acknowledged.
  bool command(const std::string& team, const std::string& channel, const std::string& user, const std::string& text);
  bool event(const std::string& team, nlohmann::json event, std::string id = {});
  bool interact(const nlohmann::json& payload);

  // Messages that stand in a channel, in order.
  std::vector<fakes::SlackMessage> standing(const std::string& channel) const;
  std::size_t digests(const std::string& channel) const;
  // Each key once, every card in the thread of its channel's summary.
  void expect_each_once(const std::string& channel) const;
  bool told(const std::string& words) const;  // privately
  // No row waits, none is unclear.
  bool quiet() const;
  static bool becomes(const std::function<bool()>& so, std::chrono::seconds guard = 180s);

  Mode mode;
  double rate;
  ScaledClock clock;
  fakes::FakeArxiv arxiv;
  fakes::FakeSlack slack;
  std::uint16_t port;
  fakes::SlackDriver driver;
  Folder folder;
  int number = 0;  // of payloads
};

}  // namespace broadsheet::e2e
