// A writer puts its own words over the extracts, card by card, and where it fails the extract stands.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "bot/base/result.hpp"
#include "bot/base/time.hpp"
#include "digest/model/digest.hpp"

namespace broadsheet::write {

// What one piece of writing may take.
struct Terms {
  std::string language = "en";
  SteadyMoment deadline = SteadyMoment::max();  // of the pipeline's clock; then the extract stands
  std::int64_t tokens = 0;                      // most for this piece, question and answer; 0: the writer's own limit
};

// What a summary is made from: the cards as they will be shown, and the extract that stands if it fails.
struct FinishedCards {
  std::vector<Card> cards;
  ExecutiveSummary extract;
};

// Used on the I/O thread; cards of one digest are asked for at the same time, and it is the writer that limits how many
// are worked on. Every wait ends when the coroutine is cancelled. Errors: transient (no answer in time), unavailable
// (cannot be reached, or left alone for now), rate_limited (told to wait, or quota), refused (the answer is of no use),
// not_allowed (budget), not_found (nobody may be asked). Their texts are for the log and hold nothing that a model
// wrote.
class Writer {
 public:
  virtual ~Writer() = default;
  // Name and version: part of a digest's key and of a kept card's. Equal names write alike.
  virtual std::string name() const = 0;
  // The card in the writer's words. Only text, findings, translation and origin are taken from the answer; facts,
  // badges and reasons are the extract's.
  virtual boost::asio::awaitable<Result<Card>> card(Card extract, Terms terms) = 0;
  virtual boost::asio::awaitable<Result<ExecutiveSummary>> summary(FinishedCards cards, Terms terms) = 0;
};

}  // namespace broadsheet::write
