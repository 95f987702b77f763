// Answers as documents: pure functions from values to what a person reads. No platform markup, no I/O.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/base/time.hpp"
#include "bot/commands/errors.hpp"
#include "bot/commands/spec.hpp"
#include "bot/model/event.hpp"
#include "bot/model/subscription.hpp"
#include "bot/store/store.hpp"
#include "digest/doc/document.hpp"
#include "digest/model/digest.hpp"

namespace broadsheet::commands {

// How a place sees things: what has to be typed before a command there, its zone, the asker's role.
struct Context {
  std::string prefix;  // "/arxiv ", "!arxiv ", "/"; empty in a direct conversation
  Zone zone = Zone::utc();
  model::Role role = model::Role::member;
  std::string place = "channel";   // what people there call one
  bool private_elsewhere = false;  // an answer for the asker alone is read in another conversation
  std::string elsewhere;           // the place meant, as `target:` takes it, when the answer is not read there
  std::string shared_prefix;       // `prefix` where several people are
};

// Commands in the error's text are shown as they are typed there.
doc::Document error_answer(const Context& context, const UserError& error);
// Every command that the asker may run; `state` is the place's own line ("2 subscriptions, next …"), or empty.
doc::Document help_answer(const Context& context, std::string_view state);
doc::Document help_answer(const Context& context, const CommandSpec& command);
doc::Document start_answer(const Context& context);

// How much of a paper is shown.
enum class Detail : std::uint8_t { card, full };
doc::Document paper_answer(const Card& card, Detail detail);
doc::Document bibtex_answer(const Paper& paper);

struct SearchPage {
  std::string query;
  std::size_t page = 1, size = 5;
  store::SearchOrder order = store::SearchOrder::relevance;
  store::SearchAnswer found;  // of this page; one hit more than `size` says that there is a next page
};
doc::Document search_answer(const Context& context, const SearchPage& page);

// A page of everything that a digest's listings announced.
struct TitlesPage {
  std::string command;  // that shows the first page
  std::size_t page = 1;
};
doc::Document titles_answer(const Context& context, const Digest& digest, const TitlesPage& page);

// What is due at the same moment as a subscription, on its platform.
struct FanOut {
  std::size_t places = 0;
  std::chrono::milliseconds shortest{0};  // that the platform's limits allow
};
// For operators: "1 place, posted in less than a second", "10000 places, posted in 5 min 33 s at the earliest"
std::string fan_out_text(const FanOut& fan_out);

// A subscription with every option decided and its next run.
struct Decided {
  model::Subscription subscription;
  model::Effective options;
  std::optional<Moment> next, last;
  bool overdue = false;  // `next` has passed: it comes as soon as the listing is there
  std::optional<FanOut> fan_out;
};
// `undo` is the command that takes it back; empty: ending it does.
doc::Document subscribed_answer(const Context& context, const Decided& now, const std::string& undo = {});
doc::Document unsubscribed_answer(const Context& context, const std::vector<model::Subscription>& removed);
doc::Document subscriptions_answer(const Context& context, const std::vector<Decided>& all);
// "at 09:00 → 10:00, top 10 → 5": what `wanted` would change; empty if nothing.
std::string differences(const model::Effective& now, const model::Effective& wanted);

struct StatusReport {
  struct CategoryState {
    Category category;
    std::optional<Day> last_listing;
    std::size_t announced = 0;
    std::optional<Day> awaited = {};  // a newer one that was asked for and is not there yet
  };
  std::vector<CategoryState> categories;
  std::optional<Moment> last_delivery, next_delivery;  // here
  std::size_t waiting = 0;                             // messages for this place that are not sent yet
  std::optional<Moment> source_down;                   // since then arXiv does not answer
  std::string source_trouble, platform_trouble;        // for operators; empty: all is well
  std::string version;
};
doc::Document status_answer(const Context& context, const StatusReport& report);

}  // namespace broadsheet::commands
