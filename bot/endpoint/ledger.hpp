// Tokens of each day, and the cap on them (contracts: Models 7). Used on the I/O thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "bot/async/async.hpp"
#include "bot/base/clock.hpp"
#include "bot/base/time.hpp"
#include "bot/endpoint/notes.hpp"

namespace broadsheet::endpoint {

class Ledger {
 public:
  // `cap`: tokens of one day in `zone`; 0: none. Everything outlives the ledger.
  Ledger(const boost::asio::any_io_executor& executor, async::Offload& workers, Notes& notes, Clock& clock, Zone zone,
         std::int64_t cap);

  // One call, booked at its estimate until it is settled; what is destroyed unsettled stays booked so.
  class Booking {
   public:
    Booking(Ledger& ledger, std::int64_t tokens) : ledger_(&ledger), tokens_(tokens) {}
    Booking(Booking&& other) noexcept : ledger_(std::exchange(other.ledger_, nullptr)), tokens_(other.tokens_) {}
    Booking(const Booking&) = delete;
    Booking& operator=(const Booking&) = delete;
    Booking& operator=(Booking&&) = delete;
    ~Booking() { settle(tokens_); }
    std::int64_t tokens() const { return tokens_; }
    void settle(std::int64_t used);

   private:
    Ledger* ledger_;
    std::int64_t tokens_;
  };

  // Waits while the calls in flight may use up the cap. not_allowed: it is used up.
  async::awaitable<Result<Booking>> book(std::int64_t estimate);
  // Writes down what was settled.
  async::awaitable<void> save();
  std::int64_t today();

 private:
  async::awaitable<void> load();
  void turn_day();
  bool has_room() const;

  async::Offload& workers_;
  Notes& notes_;
  Clock& clock_;
  Zone zone_;
  std::int64_t cap_;
  async::Event settled_;
  async::AsyncMutex saving_;                  // an older sum never overwrites a newer one
  std::map<std::string, std::int64_t> days_;  // by date; the newest last
  std::string day_;
  std::int64_t in_flight_ = 0, largest_ = 0;
  int calls_ = 0;
  bool loaded_ = false, changed_ = false;
};

}  // namespace broadsheet::endpoint
