// The dispatcher's way out: rows are claimed, sent or asked about, and what comes of it becomes a receipt.
#include <array>

#include "bot/base/log.hpp"
#include "bot/delivery/dispatcher.hpp"

namespace broadsheet::delivery {
namespace {

using boost::asio::awaitable;

constexpr std::size_t kKnownIds = 200;  // for recovery
constexpr int kGuard = 3;               // times the request's own timeout: an adapter may repeat in a plainer form
constexpr std::chrono::seconds kStoreRetry{1};
constexpr std::chrono::milliseconds kGrain{1};  // moments are stored in these; a wait is never stored shorter

}  // namespace

void Dispatcher::launch(std::vector<Job> batch) {
  for (auto& job : batch) {
    if (!job.asks) {
      to_claim_.push_back(std::move(job));
      continue;
    }
    ++in_flight_;
    sends_.spawn("read back", read_back(std::move(job)));
  }
  if (!to_claim_.empty()) claimable_.set();
}

// Commits `sending` for all that was picked while the last commit was under way: a slow disk costs no tokens.
awaitable<void> Dispatcher::claim() {
  while (true) {
    co_await claimable_.wait();
    claimable_.clear();
    if (stopping_) to_claim_.clear();
    Claims claims;
    std::vector<std::int64_t> ids;
    for (auto& job : std::exchange(to_claim_, {})) {
      ids.push_back(job.row.id);
      claims.emplace(job.row.id, std::move(job));
    }
    if (ids.empty()) continue;
    claiming_ = ids.size();
    auto t0 = time_.now();
    auto work = [&outbox = outbox_, worker = worker_, ids = std::move(ids), wall = clock_.now()] {
      return outbox.begin(worker, ids, wall);
    };
    auto claimed = co_await workers_.run(std::move(work));
    claiming_ = 0;
    if (!claimed) {
      claim_failed(claims, claimed.error());
    } else {
      if (!book_.pauses()) trouble_.clear();
      begin(claims, *std::move(claimed), t0);
    }
    changed_.ring();
  }
}

// Nothing was sent: `sending` could not be committed (reliability 2.1).
void Dispatcher::claim_failed(Claims& claims, const Error& error) {
  trouble_ = "the outbox cannot be written: " + error.what();
  log::error("outbox.claim_failed", {{"why", error.what()}});
  for (const auto& [id, job] : claims) book_.postpone(job, time_.now() + kStoreRetry);
}

void Dispatcher::begin(Claims& claims, std::vector<model::Claimed> claimed, Moment t0) {
  for (auto& one : claimed) {
    auto it = claims.find(one.id);
    it->second.row = book_.begin(it->second, t0);
    ++in_flight_;
    sends_.spawn("send", send_one(std::move(it->second), std::move(one)));
    claims.erase(it);
  }
  // Rows that are no longer open: dropped, or given a new number, by the operator meanwhile.
  for (const auto& [id, job] : claims) book_.give_up(job.lane, job.row, now());
  wake_loops();
}

// An adapter that throws or never comes back must not keep its lane for ever: nobody knows what it did.
awaitable<Result<adapters::SendOutcome>> Dispatcher::attempt(adapters::SendRequest request) {
  std::string why;
  try {
    co_return co_await platform_.send(std::move(request));
  } catch (const std::exception& e) {
    why = e.what();
  }
  co_await async::check_cancelled();
  log::error("outbox.send_threw", {{"what", why}});
  co_return Error(ErrorKind::internal, why);
}

awaitable<void> Dispatcher::send_one(Job job, model::Claimed claimed) {
  adapters::SendRequest request;
  request.target = job.row.target;
  request.key = job.row.key;
  request.message = std::move(claimed.message);
  request.thread = std::move(claimed.thread);
  auto answer = co_await async::with_timeout(clock_, kGuard * can_.request_timeout, attempt(std::move(request)));
  auto outcome = answer ? *std::move(answer) : adapters::SendOutcome(adapters::Unknown{answer.error()});
  count_outcome(outcome);
  auto hold = told_to_wait(job, outcome);
  done(job, after_send(job.row, outcome, time_.now(), can_, jitter_()), std::move(hold));
}

void Dispatcher::done(const Job& job, After after, std::optional<LaneBook::Hold> hold) {
  --in_flight_;
  book_.record({job.lane, std::move(after), std::move(hold), false});
  book_changed();
}

void Dispatcher::count_outcome(const adapters::SendOutcome& outcome) {
  constexpr std::array<const char*, 4> kNames = {"unknown", "sent", "not_sent", "refused"};
  count(kNames.at(outcome.index()));
  if (std::holds_alternative<adapters::Unknown>(outcome))
    metrics_.count("broadsheet_outbox_ambiguous_total", "Sends whose outcome was not known",
                   {{"platform", platform_.kind().str()}, {"cause", "answer"}});
}

// The platform's own word holds the bucket, and outlives us.
std::optional<LaneBook::Hold> Dispatcher::told_to_wait(const Job& job, const adapters::SendOutcome& outcome) {
  const auto* not_sent = std::get_if<adapters::NotSent>(&outcome);
  // Without a bucket this row's own due time is enough.
  if (not_sent == nullptr || !not_sent->retry_after || not_sent->bucket.empty()) return std::nullopt;
  auto wait = believed(*not_sent->retry_after);
  book_.hold(not_sent->bucket, clock_.steady_now() + wait);
  log::warning("outbox.told_to_wait",
               {{"target", job.row.target.str()}, {"bucket", not_sent->bucket}, {"ms", std::to_string(wait.count())}});
  return LaneBook::Hold(platform_.kind().str() + "/" + not_sent->bucket, clock_.now() + wait + kGrain);
}

awaitable<void> Dispatcher::read_back(Job job) {
  auto ids = [&outbox = outbox_, target = job.row.target] { return outbox.remote_ids(target, kKnownIds); };
  auto state = [&outbox = outbox_, target = job.row.target] { return outbox.target(target); };
  auto body = [&outbox = outbox_, id = job.row.id] { return outbox.message(id); };
  auto known = co_await workers_.run(std::move(ids));
  auto standing = co_await workers_.run(std::move(state));
  auto message = co_await workers_.run(std::move(body));
  Result<adapters::FindOutcome> answer = Error(ErrorKind::transient, "the store cannot be read");
  if (known && standing && message && *message) {
    adapters::FindRequest request;
    request.target = job.row.target;
    request.key = job.row.key;
    request.since = time_.to_wall(job.row.first_t0);
    request.known_ids = std::move(*known);
    request.last_remote_id = standing->last_id;
    request.message = std::move((*message)->message);
    request.thread = std::move((*message)->thread);
    answer = co_await async::with_timeout(clock_, kGuard * can_.request_timeout, ask(std::move(request)));
  }
  auto outcome = answer ? *std::move(answer) : adapters::FindOutcome(adapters::CannotTell{answer.error(), false, {}});
  auto after = after_read_back(job.row, outcome, time_.now(), can_, jitter_());
  if (!after.policy.empty())
    metrics_.count("broadsheet_outbox_policy_total", "Unknown outcomes that a policy decided",
                   {{"platform", platform_.kind().str()}, {"policy", after.policy}});
  done(job, std::move(after), std::nullopt);
}

awaitable<Result<adapters::FindOutcome>> Dispatcher::ask(adapters::FindRequest request) {
  std::string why;
  try {
    co_return co_await platform_.find_sent(std::move(request));
  } catch (const std::exception& e) {
    why = e.what();
  }
  co_await async::check_cancelled();
  log::error("outbox.read_back_threw", {{"what", why}});
  co_return Error(ErrorKind::internal, why);
}

}  // namespace broadsheet::delivery
