#include "bot/store/postgres/pool.hpp"

#include <algorithm>
#include <thread>

#include "bot/base/log.hpp"

namespace broadsheet::store::postgres {
namespace {

using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kConnections = 8;
constexpr int kAttempts = 5;
constexpr milliseconds kFirstPause{50}, kLongestPause{5000};
constexpr std::chrono::seconds kLongestWait{10};  // for a connection that others use
// What a measurement of the server's clock may be off by; a smaller difference is none.
constexpr milliseconds kClockNoise{500};

Moment here() {
  return std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
}

}  // namespace

Status Session::write(const std::string& sql, const Values& values) {
  auto done = run(sql, values);
  return done ? Status() : done.error();
}

Result<bool> Session::writes(const std::string& sql, const Values& values) {
  auto done = run(sql, values);
  if (!done) return done.error();
  return done->changed() != 0;
}

Moment Pool::server_time(Moment local) const {
  return local + clock_offset();
}

milliseconds Pool::clock_offset() const {
  std::lock_guard guard(mutex_);
  return offset_;
}

Status Pool::measure_clock(Link& link) {
  auto before = here();
  auto answer = link.run("SELECT (extract(epoch FROM clock_timestamp())*1000)::bigint");
  if (!answer) return answer.error();
  auto middle = before + (here() - before) / 2;
  auto ahead = Moment(milliseconds((*answer)[0].integer(0))) - middle;
  std::lock_guard guard(mutex_);
  offset_ = std::chrono::abs(ahead) < kClockNoise ? milliseconds(0) : ahead;
  return {};
}

// While the server is away, one attempt per pause; the others hear at once what the last one heard.
Result<Pool::Held> Pool::connect() {
  {
    std::lock_guard guard(mutex_);
    if (Steady::now() < no_attempt_before_) return Error(ErrorKind::unavailable, last_failure_);
  }
  auto link = Link::open(url_);
  auto measured = link ? measure_clock(**link) : Status(link.error());
  std::lock_guard guard(mutex_);
  if (measured) {
    pause_ = milliseconds(0);
    return link;
  }
  pause_ = std::clamp(pause_ * 2, kFirstPause, kLongestPause);
  no_attempt_before_ = Steady::now() + pause_;
  last_failure_ = measured.error().what();
  log::warning("store.unreachable", {{"why", last_failure_}});
  return measured.error();
}

Result<Pool::Held> Pool::take() {
  {
    std::unique_lock guard(mutex_);
    auto can = [this] { return !idle_.empty() || open_ < kConnections; };
    if (!freed_.wait_for(guard, kLongestWait, can))
      return Error(ErrorKind::transient, "All connections to the database are in use. Try again soon.");
    std::erase_if(idle_, [this](const Held& link) { return !link->alive() && open_-- > 0; });
    if (!idle_.empty()) {
      auto link = std::move(idle_.back());
      idle_.pop_back();
      return link;
    }
    ++open_;
  }
  auto link = connect();
  if (!link) give_back(nullptr);
  return link;
}

// One that was lost is dropped, and with it those that idle: they have most likely gone the same way.
void Pool::give_back(Held link) {
  std::vector<Held> gone;
  {
    std::lock_guard guard(mutex_);
    if (link && link->failure() != Failure::lost) {
      idle_.push_back(std::move(link));
    } else {
      open_ -= 1 + idle_.size();
      gone.swap(idle_);
    }
  }
  freed_.notify_all();
}

Pool::Outcome Pool::once(const std::function<Status(Link&)>& work) {
  auto held = take();
  if (!held) return {held.error(), held.error().kind() == ErrorKind::unavailable ? Failure::lost : Failure::other};
  // Given back however the work ends, and never with a transaction open.
  struct Guard {
    Pool& pool;
    Held link;
    ~Guard() {
      link->roll_back();
      pool.give_back(std::move(link));
    }
  } guard{*this, *std::move(held)};
  auto& link = *guard.link;
  auto done = link.begin();
  if (done) done = work(link);
  if (!done) return {done, link.failure()};
  done = link.commit();
  return {done, link.failure(), !done && link.failure() == Failure::lost};
}

Status Pool::together(const std::function<Status(Link&)>& work, bool repeatable) {
  auto pause = kFirstPause;
  for (int attempt = 1;; ++attempt, pause *= 2) {
    auto [done, failure, doubtful] = once(work);
    if (doubtful && !repeatable) return done.error().in("whether it was written is not known");
    if (done || attempt == kAttempts || (failure != Failure::conflict && failure != Failure::lost)) return done;
    log::debug("store.again", {{"attempt", attempt}, {"why", done.error().what()}});
    if (failure == Failure::lost) std::this_thread::sleep_for(pause);
  }
}

Result<Answer> Pool::run(const std::string& sql, const Values& values) {
  for (int attempt = 1;; ++attempt) {
    auto held = take();
    if (!held) return held.error();
    auto link = *std::move(held);
    auto answer = link->run(sql, values);
    bool again = !answer && (link->failure() == Failure::conflict ||
                             (link->failure() == Failure::lost && sql.starts_with("SELECT")));
    give_back(std::move(link));
    if (!again || attempt == kAttempts) return answer;
  }
}

// What went wrong inside is undone; the transaction goes on.
Status Within::together(const std::function<Status(Link&)>& work) {
  if (auto begun = link_.run("SAVEPOINT part"); !begun) return begun.error();
  auto done = work(link_);
  if (!done)
    if (auto undone = link_.run("ROLLBACK TO part"); !undone) return done;
  auto ended = link_.run("RELEASE part");
  return done && !ended ? Status(ended.error()) : done;
}

void Within::committed() {
  for (const auto& then : written_) then();
  written_.clear();
}

}  // namespace broadsheet::store::postgres
