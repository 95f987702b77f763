#include "bot/loops/post_look.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace broadsheet::loops {
namespace {

using model::Subscription;
using schedule::Standing;

constexpr std::chrono::days kAsked{28};  // runs further back are not asked about

// Reads what the rule asks about, each fact once in a look. The first failure is kept, and what follows it does not
// count: a subscription whose facts cannot be read is not posted to.
class Facts {
 public:
  Facts(store::Store& store, const LookOptions& options)
      : store_(store), asked_(options.asked), since_(std::chrono::floor<std::chrono::days>(options.now) - kAsked) {}

  Standing standing(const std::vector<Category>& categories, Day day) {
    bool waiting = false, down = false;
    for (const auto& category : categories) {
      if (stored(category, day)) continue;
      auto asked = asked_.find(category);
      if (asked == asked_.end() || asked->second.day < day) return Standing::unasked;
      (asked->second.down ? down : waiting) = true;
    }
    if (waiting) return Standing::waiting;
    return down ? Standing::down : Standing::ready;
  }

  bool done(const model::SubscriptionId& subscription, const model::RunName& run) {
    if (runs_of_ != subscription) {
      runs_.clear();
      auto slots = store_.subscriptions().slots(subscription, since_);
      if (!slots) return note(slots.error());
      for (auto& slot : *slots) runs_.insert(std::move(slot.run));
      runs_of_ = subscription;
    }
    return runs_.contains(run);
  }

  std::optional<Error> take_failure() { return std::exchange(failure_, std::nullopt); }

 private:
  bool stored(const Category& category, Day day) {
    auto [it, fresh] = stored_.try_emplace({category, day}, false);
    if (!fresh) return it->second;
    auto listing = store_.listings().get(category, day);
    if (listing) return it->second = listing->has_value();
    stored_.erase(it);  // the next one asks again
    return note(listing.error());
  }

  bool note(const Error& error) {
    if (!failure_) failure_ = error;
    return false;
  }

  store::Store& store_;
  const std::map<Category, Asked>& asked_;
  Day since_;
  std::optional<model::SubscriptionId> runs_of_;  // whose runs are at hand
  std::set<model::RunName> runs_;
  std::map<std::pair<Category, Day>, bool> stored_;
  std::optional<Error> failure_;
};

bool is_served(const Subscription& subscription) {
  return subscription.state == model::SubscriptionState::active && !subscription.categories.empty();
}

schedule::Question question_of(const Subscription& subscription, const model::Effective& effective,
                               const std::map<model::SubscriptionId, Day>& covered, Facts& facts) {
  schedule::Question out;
  out.options = effective;
  out.created = subscription.created;
  if (auto it = covered.find(subscription.id); it != covered.end()) out.covered = it->second;
  out.done = [&facts, &subscription](const model::RunName& run) { return facts.done(subscription.id, run); };
  out.standing = [&facts, &subscription](Day day) { return facts.standing(subscription.categories, day); };
  return out;
}

}  // namespace

Result<Look> look(store::Store& store, const arxiv::Calendar& calendar, LookOptions options) {
  auto all = store.subscriptions().all();
  if (!all) return all.error();
  auto covered = store.subscriptions().covered();
  if (!covered) return covered.error();
  Facts facts(store, options);
  Look out;
  out.next = Moment::max();
  for (auto& subscription : *all) {
    if (!is_served(subscription)) continue;
    auto rest = options.rests.find(subscription.id);
    if (rest == options.rests.end() || rest->second <= options.now) {
      auto effective = model::resolve({subscription.options, options.service});
      auto answer = schedule::due(question_of(subscription, effective, *covered, facts), calendar, options.now);
      if (auto failure = facts.take_failure()) {
        out.unread.push_back(subscription.id.str() + ": " + failure->what());
        continue;
      }
      if (answer.kind != schedule::Answer::Kind::wait) {
        out.due.push_back({std::move(subscription), std::move(effective), std::move(answer)});
        continue;
      }
      rest = options.rests.insert_or_assign(subscription.id, answer.until).first;
    }
    out.next = std::min(out.next, rest->second);
    out.rests.insert(*rest);
  }
  return out;
}

}  // namespace broadsheet::loops
