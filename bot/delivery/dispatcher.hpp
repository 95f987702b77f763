// Sends what is in the outbox to one platform: one message in flight per target, paced ahead of the limits, breadth
// first over the targets, claims and receipts in batches; everything ambiguous goes through recovery (design:
// reliability 2, performance 3 and 4). Used on the I/O thread; the store is called on the workers, which may end what
// was cancelled when the dispatcher is gone: they are given the store alone.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "adapters/platform.hpp"
#include "bot/async/async.hpp"
#include "bot/base/clock.hpp"
#include "bot/base/metrics.hpp"
#include "bot/delivery/lane.hpp"
#include "bot/delivery/pacer.hpp"
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

// Something that the operator or a target's owner has to know.
struct Incident {
  enum class Kind : std::uint8_t { target_off, installation_off, dead, unknown, moved };
  Kind kind{};
  model::Target target;
  std::string why, fix;
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
  void pause(const std::string& workspace) { paused_.insert(workspace); }

  std::size_t in_flight() const { return in_flight_; }
  std::size_t open() const { return rows_; }
  // Empty, or a sentence for /readyz.
  const std::string& trouble() const { return trouble_; }

 private:
  // A row behind a lane's first one: enough to put digests in order.
  struct Behind {
    std::int64_t id = 0;
    int part = 0;
    Moment expires{};  // by the store's clock
  };
  struct Lane {
    model::Target target;
    std::vector<model::OutboxRow> rows;  // the next one, seldom more
    std::vector<Behind> later;           // those that follow, in order
    bool busy = false;                   // its first row is in flight or its receipt is not written yet
    bool off = false;
    bool queued = false;                      // in ready_, in blocked_ or in waiting_
    std::optional<model::Target> leaves_for;  // as soon as it is not busy
    model::OutboxRow* find(std::int64_t id);
    bool hungry() const { return rows.empty() && !later.empty(); }
  };
  // First messages before second ones, older before younger.
  struct Entry {
    int part = 0;
    std::int64_t id = 0;
    Lane* lane = nullptr;
    bool operator<(const Entry& other) const { return std::pair(part, id) < std::pair(other.part, other.id); }
  };
  struct Sending {
    Lane* lane = nullptr;
    model::OutboxRow row;
    bool asks = false;  // whether it stands there, instead of sending it
  };
  using Claims = std::map<std::int64_t, Sending>;
  using Asked = std::map<std::int64_t, std::optional<model::OutboxRow>>;  // nothing: no longer open
  // The platform's word that a bucket has to wait.
  using Hold = std::pair<std::string, Moment>;
  // What an outcome makes of a row, to be written before its lane goes on.
  struct Receipt {
    Lane* lane = nullptr;
    After after;
    std::optional<Hold> hold;
    bool lost = false;  // the row belongs to another worker, or has ended: nothing was written
  };

  boost::asio::awaitable<bool> heed();
  boost::asio::awaitable<void> keep_lease();
  boost::asio::awaitable<void> release();
  void trust(SteadyMoment asked);
  void disown();
  boost::asio::awaitable<bool> load();
  boost::asio::awaitable<void> pump();
  boost::asio::awaitable<void> refill();
  boost::asio::awaitable<void> claim();
  void launch(std::vector<Sending> batch);
  boost::asio::awaitable<void> send_one(Sending sending, model::Claimed claimed);
  boost::asio::awaitable<Result<adapters::SendOutcome>> attempt(adapters::SendRequest request);
  boost::asio::awaitable<void> read_back(Sending sending);
  boost::asio::awaitable<Result<adapters::FindOutcome>> ask(adapters::FindRequest request);
  boost::asio::awaitable<void> record();
  boost::asio::awaitable<void> rest();
  void add(model::OutboxRow row);
  void adopt(Lane& lane, model::OutboxRow row);
  void feed(Lane& lane, Asked& asked);
  bool asleep(const Lane& lane) const;
  void consider(Lane& lane);
  void consider_all();
  void prefer_newest(Lane& lane);
  void unqueue(Lane& lane);
  void block(const std::string& bucket, const Entry& entry, SteadyMoment until);
  void wake_due();
  bool may_go(const Entry& entry);
  std::vector<Sending> pick();
  void claim_failed(Claims& claims, const Error& error);
  void begin(Claims& claims, std::vector<model::Claimed> claimed, Moment t0);
  void settle(const Receipt& receipt);
  void give_up(Lane& lane, model::OutboxRow row);
  void finish(Lane& lane, const model::OutboxRow& row);
  void move(Lane& lane, const model::Target& to);
  void follow(Lane& lane, const model::Target& to);
  std::optional<Hold> told_to_wait(const Sending& sending, const adapters::SendOutcome& outcome);
  void count_outcome(const adapters::SendOutcome& outcome);
  void done(const Sending& sending, After after, std::optional<Hold> hold);
  // Our time: wall time at the start, and from then on the monotonic clock, so that nobody who sets the clock makes
  // rows due, late or expired. `skew` leads from ours to the wall clock that the store speaks.
  Moment now() const;
  std::chrono::milliseconds skew() const;
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
  SteadyMoment steady_base_;
  Moment wall_base_;

  Pacer pacer_;
  SteadyMoment tidy_at_{};
  SteadyMoment trusted_until_ = SteadyMoment::max();  // that our rows are ours; nothing is sent after it
  std::map<model::Target, Lane> lanes_;
  std::set<Entry> ready_;
  struct Waiters {
    std::set<Entry> entries;
    SteadyMoment until{};
  };
  std::map<std::string, Waiters> blocked_;  // by the bucket they wait for; each has one timer
  std::set<std::pair<SteadyMoment, std::string>> bucket_timers_;
  std::multimap<Moment, Lane*> waiting_;
  std::vector<Receipt> receipts_;  // to be written
  std::vector<Sending> to_claim_;  // their tokens are taken
  std::vector<model::Target> hungry_;
  async::Event changed_, recorded_, claimable_, hungry_changed_;
  async::TaskGroup sends_;
  std::vector<model::Target> fresh_;  // where a digest was added behind another one
  bool loading_ = false;
  std::size_t in_flight_ = 0, claiming_ = 0;
  std::size_t rows_ = 0;          // open ones, here or known by number
  std::set<std::string> paused_;  // workspaces whose token is void
  bool stopping_ = false, more_ = true, writing_ = false;
  std::string trouble_;
};

}  // namespace broadsheet::delivery
