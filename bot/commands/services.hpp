// What commands need of the rest of the service. Implemented by bot/app over store, builds and platforms, by tests over
// maps. Called on the I/O thread; whatever blocks is awaited.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "adapters/platform.hpp"
#include "bot/base/result.hpp"
#include "bot/commands/answers.hpp"
#include "bot/commands/parse.hpp"
#include "bot/model/event.hpp"
#include "bot/model/subscription.hpp"
#include "bot/store/store.hpp"
#include "digest/model/digest.hpp"
#include "digest/model/listing.hpp"

namespace broadsheet::commands {

template <class T>
using awaitable = boost::asio::awaitable<T>;

struct DigestRequest {
  std::vector<Category> categories;  // never empty
  std::optional<DateRange> dates;    // nothing: the newest listing
  model::Effective options;          // top, style, language, filter, interests
};
// What a place was shown last.
struct ShownCards {
  std::vector<PaperId> papers;  // in their order; empty: no digest yet
};
// No digest, because of this category's listing.
struct NoDigest {
  Category category;
  ListingOutcome why;
};
struct BuiltDigest {
  Digest digest;
  std::optional<Day> since;  // the first listing day, when it covers several
};
using DigestOutcome = std::variant<NoDigest, BuiltDigest>;

class Services {
 public:
  virtual ~Services() = default;

  // Operators first, then the platform (adapters::Platform::role_of). Errors: the platform could not be asked.
  virtual awaitable<Result<model::Role>> role_of(model::Actor who, model::Target where) = 0;

  // Cards of the papers that exist, in the order asked; unknown ones are left out. Fetches what is not stored.
  virtual awaitable<Result<std::vector<Card>>> cards(std::vector<VersionedId> ids) = 0;
  // The same of what is stored; nobody else is asked.
  virtual awaitable<Result<std::vector<Card>>> stored_cards(std::vector<VersionedId> ids) = 0;
  // The cards of the newest digest that whoever asks has seen there: what "#3" means.
  virtual awaitable<Result<ShownCards>> shown_cards(model::ReplyTo from) = 0;
  // They are shown now, to everybody there or to the asker alone.
  virtual awaitable<void> show_cards(model::ReplyTo from, model::Visibility to, std::vector<PaperId> papers) = 0;
  // The paper that the message above a command is about; empty: none, or several.
  virtual awaitable<PaperId> paper_above(model::ReplyTo command) = 0;
  // In which digests can be written, at least one.
  virtual std::vector<std::string> languages() const = 0;
  virtual awaitable<Result<store::SearchAnswer>> search(store::SearchRequest request) = 0;
  // Requests for the same digest join one build (spec: commands 1.9), which outlives the command.
  virtual awaitable<Result<DigestOutcome>> digest(DigestRequest request) = 0;

  virtual awaitable<Result<std::vector<model::Subscription>>> subscriptions(model::Target where) = 0;
  // The stored form, with its number.
  virtual awaitable<Result<model::Subscription>> put(model::Subscription subscription) = 0;
  virtual awaitable<Status> remove(model::SubscriptionId id) = 0;
  // Options over channel, workspace and service defaults, last and next delivery.
  virtual awaitable<Result<Decided>> decided(model::Subscription subscription) = 0;

  // Puts a digest into the line of what is posted there, once per `id` in all lives of the process.
  virtual awaitable<Status> post(model::Target where, std::string id, BuiltDigest digest, model::Effective options) = 0;
  // The same with a line for everybody there.
  virtual awaitable<Status> announce(model::Target where, std::string id, doc::Document line) = 0;
  // As in adapters::Platform.
  virtual awaitable<std::optional<adapters::Refused>> hindrance(model::Target where) = 0;
  virtual awaitable<std::string> name_of(model::Actor who, model::Target where) = 0;

  // What the platform has to post when this one is due, this one with it.
  virtual awaitable<Result<FanOut>> fan_out(model::Subscription subscription) = 0;

  virtual awaitable<Result<StatusReport>> status(model::Target where) = 0;
};

}  // namespace broadsheet::commands
