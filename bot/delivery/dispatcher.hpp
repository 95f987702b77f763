// Sends what is in the outbox to one platform, as its lane book says: claims and receipts in batches; everything
// ambiguous goes through recovery (design: reliability 2, performance 3 and 4). Used on the I/O thread; the store is
// called on the workers, which may end what was cancelled when the dispatcher is gone: they are given the store alone.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "adapters/platform.hpp"
#include "bot/async/async.hpp"
#include "bot/async/bell.hpp"
#include "bot/base/clock.hpp"
#include "bot/base/metrics.hpp"
#include "bot/delivery/lane_book.hpp"
#include "bot/delivery/own_time.hpp"
#include "bot/store/outbox.hpp"

namespace broadsheet::delivery {

struct DispatcherOptions {
  std::size_t most_in_flight = 256;
  std::size_t batch = 64;                       // rows of one claim
  std::chrono::milliseconds gather{2};          // receipts of one commit are gathered this long
  std::chrono::milliseconds finish_time{8000};  // for what is in flight when the service stops
  std::string worker = "1";                     // no other process has this name
  // Where several processes share the store: how long others take a silent one for alive.
  store::Lease lease;
};

class Dispatcher {
 public:
  Dispatcher(const boost::asio::any_io_executor& executor, store::Outbox& outbox, adapters::Platform& platform,
             async::Offload& workers, Clock& clock, Metrics& metrics, std::function<double()> jitter,
             std::function<void(const Incident&)> incident, DispatcherOptions options);

  // Recovers what was left, then sends until cancelled or stopped.
  boost::asio::awaitable<void> run();
  // Rows were added.
  void wake();
  // No new sends; run() ends when those in flight have ended, at most `finish_time` later.
  void stop();
  // The target is good again, or gone. What the store says about it is the caller's affair.
  void switch_target(const model::Target& target, bool on);
  // The platform told that the target has another id now.
  void move_target(const model::Target& from, const model::Target& to);
  // The tokens work again; what is still void is found out anew.
  void resume();
  // The app was removed from that workspace.
  void pause(const std::string& workspace) { book_.pause(workspace); }

  std::size_t in_flight() const { return in_flight_; }
  std::size_t open() const { return book_.open(); }
  // Empty, or a sentence for /readyz.
  const std::string& trouble() const { return trouble_; }

 private:
  using Job = LaneBook::Job;
  using Claims = std::map<std::int64_t, Job>;

  boost::asio::awaitable<bool> heed();
  boost::asio::awaitable<bool> remember_spent();
  boost::asio::awaitable<void> keep_lease();
  boost::asio::awaitable<void> release();
  void trust(SteadyMoment asked);
  void disown();
  boost::asio::awaitable<bool> load();
  boost::asio::awaitable<void> pump();
  boost::asio::awaitable<void> refill();
  boost::asio::awaitable<void> claim();
  void launch(std::vector<Job> batch);
  boost::asio::awaitable<void> send_one(Job job, model::Claimed claimed);
  boost::asio::awaitable<Result<adapters::SendOutcome>> attempt(adapters::SendRequest request);
  boost::asio::awaitable<void> read_back(Job job);
  boost::asio::awaitable<Result<adapters::FindOutcome>> ask(adapters::FindRequest request);
  boost::asio::awaitable<void> record();
  boost::asio::awaitable<void> rest();
  std::size_t room() const;
  void claim_failed(Claims& claims, const Error& error);
  void begin(Claims& claims, std::vector<model::Claimed> claimed, Moment t0);
  void settle(const LaneBook::Receipt& receipt);
  std::optional<LaneBook::Hold> told_to_wait(const Job& job, const adapters::SendOutcome& outcome);
  void count_outcome(const adapters::SendOutcome& outcome);
  void done(const Job& job, After after, std::optional<LaneBook::Hold> hold);
  LaneBook::Now now() const { return {time_.now(), clock_.steady_now()}; }
  // The loops beside the sends, where the book has something for them.
  void wake_loops();
  // The same, and the sending itself.
  void book_changed();
  void count(const char* outcome);

  store::Outbox& outbox_;
  store::Worker worker_;
  adapters::Platform& platform_;
  async::Offload& workers_;
  Clock& clock_;
  Metrics& metrics_;
  std::function<double()> jitter_;
  std::function<void(const Incident&)> incident_;
  DispatcherOptions options_;
  adapters::Capabilities can_;
  OwnTime time_;
  LaneBook book_;
  SteadyMoment tidy_at_{};
  SteadyMoment trusted_until_ = SteadyMoment::max();  // that our rows are ours; nothing is sent after it
  std::vector<Job> to_claim_;                         // their tokens are taken
  async::Bell changed_;
  async::Event recorded_, claimable_, hungry_;
  async::TaskGroup sends_;
  std::size_t in_flight_ = 0, claiming_ = 0;
  bool stopping_ = false, more_ = true, writing_ = false;
  std::string trouble_;
};

}  // namespace broadsheet::delivery
