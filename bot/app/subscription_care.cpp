#include "bot/app/subscription_care.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/multiple_exceptions.hpp>
#include <set>

#include "bot/app/notes.hpp"
#include "bot/base/hash.hpp"
#include "bot/base/log.hpp"
#include "bot/places/hindrance.hpp"

namespace broadsheet::app {
namespace {

using boost::asio::awaitable;

constexpr std::chrono::minutes kLook{5};
constexpr std::size_t kShown = 5;

std::string listed(const std::vector<std::string>& sentences) {
  std::string out = std::to_string(sentences.size()) +
                    (sentences.size() == 1 ? " subscription cannot be served: " : " subscriptions cannot be served: ");
  for (std::size_t i = 0; i < sentences.size() && i < kShown; ++i) out += (i == 0 ? "" : "; ") + sentences[i];
  return out + (sentences.size() > kShown ? "; and more, see `broadsheet subscriptions list`" : "");
}

}  // namespace

awaitable<void> SubscriptionCare::look() {
  std::set<model::PlatformName> on;
  for (const auto& traits : model::registered_platforms())
    if (ways_.platform(traits.name) != nullptr) on.insert(traits.name);
  auto work = [this, on = std::move(on)]() -> Result<Found> {
    auto all = store_.subscriptions().all();
    if (!all) return all.error();
    Found found;
    for (const auto& one : *all) {
      if (one.state != model::SubscriptionState::active) continue;
      auto hindered = places::hindrance(one, [&on](const model::PlatformName& name) { return on.contains(name); });
      if (hindered) found[one.id.str()] = one.target.str() + ": " + hindered->what;
    }
    return found;
  };
  auto seen = co_await outside_.workers.run(std::move(work));
  if (!seen) co_return;  // who reads the subscriptions to post says so
  std::vector<std::string> fresh;
  for (const auto& [id, what] : *seen)
    if (auto known = found_.find(id); known == found_.end() || known->second != what) fresh.push_back(what);
  found_ = std::move(*seen);
  metrics_.gauge("broadsheet_subscriptions_dead", "Subscriptions that cannot be served as things stand",
                 static_cast<double>(found_.size()));
  for (const auto& what : fresh) log::warning("subscription.dead", {{"why", what}});
  if (!fresh.empty()) co_await tell_operators(listed(fresh));
}

// Where a person can be written to.
std::vector<model::Target> SubscriptionCare::whom_to_tell() const {
  std::vector<model::Target> out;
  for (const auto& name : operators_()) {
    auto colon = name.find(':');
    const auto* traits = colon == std::string::npos ? nullptr : model::find_platform(name.substr(0, colon));
    if (traits == nullptr || traits->place_of_person == nullptr || ways_.platform(traits->name) == nullptr) continue;
    if (auto place = traits->place_of_person(std::string_view(name).substr(colon + 1)))
      out.push_back(model::Target::of(*traits, std::move(*place)));
  }
  return out;
}

awaitable<void> SubscriptionCare::tell_operators(std::string text) {
  auto group = "dead/" + short_sha256(text);
  for (const auto& target : whom_to_tell()) {
    auto* way_out = ways_.platform(target.platform);
    auto work = [this, way_out, target, group, text, now = outside_.clock.now()] {
      return tell(store_.outbox(), *way_out, target, group, text, now);
    };
    if (auto done = co_await outside_.workers.run(std::move(work)); !done)
      log::error("operator.not_told", {{"why", done.error().what()}});
    else if (auto* dispatcher = ways_.dispatcher(target.platform))
      dispatcher->wake();
  }
}

awaitable<void> SubscriptionCare::run() {
  using boost::asio::experimental::awaitable_operators::operator||;
  while (true) {
    wake_.clear();
    co_await look();
    try {
      co_await (async::sleep_for(outside_.clock, kLook) || wake_.wait());
    } catch (const boost::asio::multiple_exceptions& both) {  // cancelled: each side says so
      std::rethrow_exception(both.first_exception());
    }
  }
}

pages::PartState SubscriptionCare::state() const {
  std::vector<std::string> sentences;
  for (const auto& [id, what] : found_) sentences.push_back(what);
  pages::PartState out{"subscriptions", found_.empty(), found_.empty() ? std::string() : listed(sentences)};
  out.degraded = !out.ready;
  return out;
}

}  // namespace broadsheet::app
