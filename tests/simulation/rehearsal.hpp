// The whole service over the fakes of arXiv, Slack, Matrix and Telegram, in one thread and in the time of a clock that
// moves on whenever nothing is left to do. The same rehearsal goes the same way every time, to the byte.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "bot/app/service.hpp"
#include "tests/fakes/fake_arxiv.hpp"
#include "tests/fakes/fake_matrix.hpp"
#include "tests/fakes/fake_slack.hpp"
#include "tests/fakes/fake_telegram.hpp"
#include "tests/simulation/network.hpp"
#include "tests/simulation/slack_door.hpp"

namespace broadsheet::simulation {

// A message of ours that was accepted.
struct Post {
  Moment at{};
  std::string platform, target;
  bool reply = false;  // in a thread, or under another message
  std::string text;
  std::string first_line() const { return text.substr(0, text.find('\n')); }
};

inline constexpr const char* kChannel = "C0DIGEST";
inline constexpr const char* kRoom = "!team:example.org";
inline constexpr std::int64_t kGroup = -1001000000001, kPerson = 1001;

class Rehearsal {
 public:
  // Papers of cs.CV and cs.RO are announced on every listing day in [start, end]; `holidays` as in config/holidays.txt.
  Rehearsal(Moment start, Moment end, const std::string& holidays);
  ~Rehearsal();
  Rehearsal(const Rehearsal&) = delete;
  Rehearsal& operator=(const Rehearsal&) = delete;

  // What somebody does then.
  void at(Moment when, std::function<void()> does);
  // From start to end, and through a clean stop. `settings`: everything but addresses and credentials.
  void run(config::Settings settings);

  // FakeSlack::response_url, within this network.
  std::string slack_response_url();

  // Everything that was said to a platform, and every exchange, in order.
  std::string transcript() const { return transcript_; }
  const std::vector<Post>& posts() const { return posts_; }
  // Rules that were broken, by whatever fake noticed it.
  std::vector<std::string> complaints() const;
  // Of every listing day, and a few before and after.
  const std::vector<fakes::Batch>& batches() const { return batches_; }

 private:
  arxiv::Calendar calendar_;
  std::vector<fakes::Batch> batches_;

 public:
  boost::asio::io_context io{1};
  ManualClock clock;
  Network network;
  SlackDoor slack_door;
  fakes::FakeArxiv arxiv;
  fakes::FakeSlack slack;
  fakes::FakeMatrix matrix;
  fakes::FakeTelegram telegram;

 private:
  void address(config::Settings& settings) const;
  void note(const Exchange& exchange);
  void idle();
  void drive(const std::function<bool()>& done);

  Moment end_;
  std::string holidays_;
  async::Offload no_threads_{0};
  std::mt19937_64 random_{7};
  async::TaskGroup people_;
  std::string transcript_;
  std::vector<Post> posts_;
};

}  // namespace broadsheet::simulation
