#include "bot/loops/post_loop.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/multiple_exceptions.hpp>

#include "bot/base/log.hpp"
#include "bot/delivery/plan.hpp"
#include "bot/loops/stored_listing.hpp"
#include "digest/present/document.hpp"

namespace broadsheet::loops {
namespace {

using boost::asio::awaitable;
using model::Effective;
using model::Subscription;
using schedule::Answer;

constexpr std::chrono::minutes kLook{5};
constexpr int kMostSteps = 6;  // answers obeyed for one subscription before others have their turn
constexpr int kWindow = 15;    // listing days looked at

std::string categories_of(const Subscription& subscription) {
  std::string out;
  for (const auto& category : subscription.categories) out += (out.empty() ? "" : " + ") + category.str();
  return out;
}

}  // namespace

schedule::Standing PostLoop::standing(const Subscription& subscription, Day day,
                                      const std::map<std::pair<Category, Day>, bool>& stored) const {
  bool down = false;
  for (const auto& category : subscription.categories) {
    auto it = stored.find({category, day});
    if (it != stored.end() && it->second) continue;
    for (const auto& state : parts_.listings.states())
      if (state.category == category && state.kind == ListingState::Kind::down) down = true;
    if (!down) return schedule::Standing::waiting;
  }
  return down ? schedule::Standing::down : schedule::Standing::ready;
}

doc::Document PostLoop::notice(const Subscription& subscription, const Answer& answer) const {
  const auto& category = subscription.categories.front();
  ListingOutcome outcome = NotYet{answer.day, parts_.calendar.announced_at(answer.day), "the listing is not there yet"};
  if (answer.reason == Answer::Reason::holiday)
    outcome = NoAnnouncement{answer.day, QuietReason::holiday, parts_.calendar.holiday_name(answer.day),
                             parts_.calendar.next_listing(answer.day)};
  if (answer.reason == Answer::Reason::down)
    outcome = SourceDown{answer.day, Error(ErrorKind::unavailable, "no source answers"),
                         parts_.calendar.announced_at(answer.day)};
  return present::notice(outcome, category);
}

awaitable<bool> PostLoop::enqueue(const Subscription& subscription, const Effective& effective,
                                  const model::RunName& run, std::vector<model::OutgoingMessage> messages) {
  delivery::PostOptions options;
  options.target = subscription.target;
  options.effective = effective;
  options.group = subscription.id.str() + "/" + run.str();
  options.now = parts_.clock.now();
  auto rows = delivery::rows_of(messages, options);
  auto work = [this, rows = std::move(rows), name = model::SlotName("post/" + options.group), now = options.now] {
    return parts_.store.outbox().enqueue(name, rows, now);
  };
  auto done = co_await parts_.workers.run(std::move(work));
  if (!done) {
    log::error("post.not_stored", {{"subscription", subscription.id.str()}, {"why", done.error().what()}});
    co_return false;
  }
  parts_.enqueued(subscription.target.platform);
  co_return true;
}

// The slot is filled and the data window moved on; after the rows, so that a crash in between repeats harmlessly.
awaitable<bool> PostLoop::settle(const Subscription& subscription, const Answer& answer, std::string state,
                                 std::string detail) {
  auto work = [this, id = subscription.id, answer, state = std::move(state), detail = std::move(detail),
               now = parts_.clock.now()]() -> Status {
    auto& subscriptions = parts_.store.subscriptions();
    if (answer.kind == Answer::Kind::post)
      if (auto done = subscriptions.cover(id, answer.day); !done) return done;
    auto day = parse_day(answer.run.str().substr(0, 10)).value_or(answer.day);
    return subscriptions.put_slot({id, answer.run, day, state, detail, now});
  };
  auto done = co_await parts_.workers.run(std::move(work));
  if (!done)
    log::error("post.slot_not_stored", {{"subscription", subscription.id.str()}, {"why", done.error().what()}});
  co_return done.has_value();
}

awaitable<bool> PostLoop::post(const Subscription& subscription, const Effective& effective, const Answer& answer) {
  auto* platform = parts_.platform(subscription.target.platform);
  BuildOptions wanted;
  wanted.categories = subscription.categories;
  wanted.day = answer.day;
  wanted.since = answer.since;
  wanted.style = effective.style;
  wanted.language = effective.language;
  wanted.top = effective.top;
  wanted.interests = effective.interests;
  wanted.filter_text = effective.filter;
  auto digest = co_await parts_.builds.get(std::move(wanted));
  if (!digest) co_return false;
  if (digest->cards.empty() && effective.empty == model::EmptyPolicy::silent)
    co_return co_await settle(subscription, answer, "silent", "nothing to show");
  auto shown = *digest;
  if (answer.late) shown.note = shown.note.empty() ? "This digest is late." : "This digest is late. " + shown.note;
  auto page = parts_.public_url.empty()
                  ? std::string()
                  : parts_.public_url + "/d/" + subscription.categories.front().str() + "/" + to_string(answer.day);
  auto render = [platform, effective, shown = std::move(shown), page = std::move(page)] {
    return delivery::render_digest(shown, effective, *platform, page);
  };
  auto messages = co_await parts_.workers.run(std::move(render));
  if (!co_await enqueue(subscription, effective, answer.run, std::move(messages))) co_return false;
  log::info("post.enqueued", {{"target", subscription.target.str()},
                              {"categories", categories_of(subscription)},
                              {"day", to_string(answer.day)}});
  co_return co_await settle(subscription, answer, "posted", "");
}

awaitable<bool> PostLoop::obey(const Subscription& subscription, const Effective& effective, const Answer& answer) {
  if (answer.kind == Answer::Kind::post) co_return co_await post(subscription, effective, answer);
  if (answer.kind == Answer::Kind::skip) {
    if (answer.reason == Answer::Reason::missed)
      log::warning("post.missed", {{"target", subscription.target.str()}, {"day", to_string(answer.day)}});
    co_return co_await settle(subscription, answer, "skipped", "");
  }
  if (effective.empty == model::EmptyPolicy::silent) co_return co_await settle(subscription, answer, "silent", "");
  auto* platform = parts_.platform(subscription.target.platform);
  std::vector<adapters::Part> parts = {{model::PartKind::notice, notice(subscription, answer), {}}};
  adapters::RenderOptions options;
  options.digest = model::button_subject(subscription.categories, answer.day);
  auto messages = platform->render(parts, options);
  if (!co_await enqueue(subscription, effective, answer.run, std::move(messages))) co_return false;
  co_return co_await settle(subscription, answer, "notice", "");
}

awaitable<void> PostLoop::serve(Subscription subscription, std::optional<Day> covered) {
  if (subscription.state != model::SubscriptionState::active || subscription.categories.empty()) co_return;
  if (parts_.platform(subscription.target.platform) == nullptr) co_return;
  auto effective = model::resolve({subscription.options, parts_.service()});
  for (int step = 0; step < kMostSteps; ++step) {
    // Everything that the pure rule may ask about, read at once.
    struct Known {
      std::map<std::pair<Category, Day>, bool> stored;
      std::set<model::RunName> done;
    };
    auto now = parts_.clock.now();
    auto read = [this, id = subscription.id, categories = subscription.categories, now] {
      Known out;
      auto day = parts_.calendar.current_listing(now);
      for (int i = 0; i < kWindow; ++i, day = parts_.calendar.previous_listing(day))
        for (const auto& category : categories) {
          auto listing = parts_.store.listings().get(category, day);
          out.stored[{category, day}] = listing && listing->has_value();
        }
      auto since = std::chrono::floor<std::chrono::days>(now) - std::chrono::days(2 * kWindow);
      if (auto slots = parts_.store.subscriptions().slots(id, since))
        for (auto& slot : *slots) out.done.insert(std::move(slot.run));
      return out;
    };
    auto known = co_await parts_.workers.run(std::move(read));
    schedule::Question question;
    question.options = effective;
    question.created = subscription.created;
    question.covered = covered;
    question.done = [&known](const model::RunName& run) { return known.done.contains(run); };
    question.standing = [&](Day day) { return standing(subscription, day, known.stored); };
    auto answer = schedule::due(question, parts_.calendar, now);
    if (answer.kind == Answer::Kind::wait) co_return;
    auto obeyed = co_await obey(subscription, effective, answer);
    if (!obeyed) co_return;
    if (answer.kind == Answer::Kind::post) covered = answer.day;
  }
}

awaitable<void> PostLoop::serve_all() {
  auto all = co_await parts_.workers.run([this] { return parts_.store.subscriptions().all(); });
  auto covered = co_await parts_.workers.run([this] { return parts_.store.subscriptions().covered(); });
  if (!all || !covered) {
    log::error("subscriptions.unreadable", {{"why", all ? covered.error().what() : all.error().what()}});
    co_return;
  }
  for (const auto& subscription : *all) {
    auto it = covered->find(subscription.id);
    co_await serve(subscription, it == covered->end() ? std::nullopt : std::optional<Day>(it->second));
  }
}

awaitable<void> PostLoop::run() {
  while (true) {
    co_await serve_all();
    using boost::asio::experimental::awaitable_operators::operator||;
    try {
      co_await (async::sleep_for(parts_.clock, kLook) || wake_.wait());
    } catch (const boost::asio::multiple_exceptions& both) {  // cancelled: each side says so
      std::rethrow_exception(both.first_exception());
    }
    wake_.clear();
  }
}

}  // namespace broadsheet::loops
