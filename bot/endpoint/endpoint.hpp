// One OpenAI-compatible endpoint for chat completions (contracts: Models). Asks as it has learned to ask, so many at
// once as configured, again where that can help, never while it was told to wait, never above the day's tokens. Neither
// questions nor answers nor the key reach a log. Used on the I/O thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "bot/async/async.hpp"
#include "bot/base/clock.hpp"
#include "bot/base/metrics.hpp"
#include "bot/endpoint/breaker.hpp"
#include "bot/endpoint/ledger.hpp"
#include "bot/endpoint/notes.hpp"
#include "bot/endpoint/profile.hpp"
#include "bot/endpoint/reading.hpp"
#include "bot/http/http.hpp"
#include "config/secret.hpp"
#include "digest/model_writer/chat_model.hpp"

namespace broadsheet::endpoint {

struct EndpointOptions {
  std::string base_url;  // with the version part, as the endpoint's documentation gives it; may carry a query
  std::string model;
  config::Secret key;                         // may be empty
  std::chrono::milliseconds timeout{60'000};  // of one call
  std::int64_t concurrency = 4;
  std::int64_t daily_tokens = 0;  // 0: no cap
  Zone zone = Zone::utc();        // of the day
};

// What an endpoint is given; everything outlives it.
struct Doors {
  http::Transport& transport;
  async::Offload& workers;
  Clock& clock;
  Metrics& metrics;
  Notes& notes;
  std::function<double()> random;  // in [0, 1)
};

class Endpoint final : public model_writer::ChatModel {
 public:
  Endpoint(const boost::asio::any_io_executor& executor, EndpointOptions options, Doors doors);

  std::string name() const override { return options_.model; }
  boost::asio::awaitable<Result<model_writer::Answer>> ask(model_writer::Question question) override;

  // For people: what stands in the way of calls now, or empty.
  std::string trouble() const;
  const Profile& profile() const { return profile_; }
  std::int64_t tokens_today() { return ledger_.today(); }

 private:
  struct Attempt;
  using Outcome = Result<model_writer::Answer>;
  async::awaitable<void> remember();
  async::awaitable<void> keep_memory();
  async::awaitable<Status> may_call(SteadyMoment deadline);
  async::awaitable<Result<Reading>> call(const Attempt& attempt);
  async::awaitable<Outcome> try_until_settled(Attempt& attempt);
  // What an answer that is none leads to: another try (nothing), or the end.
  async::awaitable<std::optional<Error>> next(Attempt& attempt, const Reading& reading);
  async::awaitable<std::optional<Error>> next_form(Attempt& attempt, const Reading& reading);
  async::awaitable<std::optional<Error>> next_wait(Attempt& attempt, const Reading& reading);
  http::Request request(const Attempt& attempt) const;
  Reading read_outcome(const http::Outcome& outcome) const;
  std::int64_t used(const Attempt& attempt, const Reading& reading) const;
  void tell(const Attempt& attempt, const Reading& reading, SteadyMoment begun);
  void tell_operator(const Reading& reading);
  std::string memory_name() const;

  EndpointOptions options_;
  Doors doors_;
  Ledger ledger_;
  Breaker breaker_;
  Profile profile_;
  bool remembered_ = false, proven_ = false, told_ = false;
  std::int64_t running_ = 0;
  async::Event freed_;
};

}  // namespace broadsheet::endpoint
