// Which subscriptions are due: the pure rule (bot/schedule/due.hpp) asked for each of them over the store as it stands.
// A look costs one read for all subscriptions, one for each listing that matters and one or two for each subscription
// that is asked; who said until when it may rest is not asked before. Blocking; for the workers.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "bot/model/subscription.hpp"
#include "bot/schedule/due.hpp"
#include "bot/store/store.hpp"

namespace broadsheet::loops {

struct Due {
  model::Subscription subscription;
  model::Effective effective;
  schedule::Answer answer;  // never `wait`
};

// How arXiv answered when it was asked for a category, up to that listing day.
struct Asked {
  Day day{};
  bool down = false;  // it did not
};

// What a look is told by the I/O thread.
struct LookOptions {
  Moment now{};
  model::Options service;           // options of the whole service
  std::map<Category, Asked> asked;  // since the start; a category that is not in it was not asked about yet
  // By subscription: not asked before. Kept from look to look; to be emptied when listings or subscriptions change.
  std::map<model::SubscriptionId, Moment> rests;
};

struct Look {
  std::vector<Due> due;                           // in the store's order, one answer a subscription
  std::map<model::SubscriptionId, Moment> rests;  // for the next look; of subscriptions that are due: none
  Moment next{};                                  // the earliest of them; Moment::max() when there is none
  std::vector<std::string> unread;  // subscriptions that could not be judged, and why: asked again by every look
};

// An Error when the subscriptions themselves cannot be read.
Result<Look> look(store::Store& store, const arxiv::Calendar& calendar, LookOptions options);

}  // namespace broadsheet::loops
