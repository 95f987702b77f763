#include "bot/endpoint/endpoint.hpp"

#include <algorithm>
#include <cmath>

#include "bot/base/hash.hpp"
#include "bot/base/log.hpp"
#include "bot/http/url.hpp"

namespace broadsheet::endpoint {
namespace {

using async::awaitable;
using model_writer::Answer;
using model_writer::estimated_tokens;
using model_writer::Question;
using std::chrono::milliseconds;

constexpr std::size_t kLargestAnswer = std::size_t{4} << 20;
constexpr int kRetries = 2, kWaits = 3, kForms = 4;
constexpr std::chrono::hours kForget{24 * 7};
constexpr std::chrono::minutes kLongestHold{15};
constexpr milliseconds kBackoff{1000}, kLongestBackoff{60'000};
// A server that drops the beginning of a long question counts what it kept: about its context, never less than this.
constexpr std::int64_t kLeastContext = 512, kLongQuestion = 2000;

Error error_of(Class kind, const std::string& why) {
  switch (kind) {
    case Class::wait:
    case Class::out_of_money:
      return {ErrorKind::rate_limited, why};
    case Class::transient:
      return {ErrorKind::transient, why};
    case Class::configuration:
    case Class::form:
      return {ErrorKind::unavailable, why};
    default:
      return {ErrorKind::refused, why};
  }
}

std::string url_of(std::string_view base) {
  auto query = base.find('?');
  std::string path(base.substr(0, query));
  if (path.ends_with('/')) path.pop_back();
  return path + "/chat/completions" + (query == std::string_view::npos ? "" : std::string(base.substr(query)));
}

bool lost_text(std::int64_t estimate, std::int64_t counted) {
  return estimate >= kLongQuestion && counted >= kLeastContext && 2 * counted < estimate;
}

}  // namespace

// One question on its way, over all its calls.
struct Endpoint::Attempt {
  Question question;
  std::int64_t output_tokens = 0;
  Profile profile;  // as it was asked last
  int retries = 0, waits = 0, forms = 0;
  bool shorter = false, emptied = false, swapped = false;

  std::int64_t asked_estimate() const {
    return estimated_tokens(question.system) + estimated_tokens(question.user) + estimated_tokens(question.schema);
  }
};

Endpoint::Endpoint(const boost::asio::any_io_executor& executor, EndpointOptions options, Doors doors)
    : options_(std::move(options)),
      doors_(std::move(doors)),
      ledger_(executor, doors_.workers, doors_.notes, doors_.clock, options_.zone, options_.daily_tokens),
      profile_(first_profile(options_.base_url)),
      freed_(executor) {}

std::string Endpoint::memory_name() const {
  return "endpoint/" + short_sha256(options_.base_url + "\n" + options_.model);
}

awaitable<void> Endpoint::remember() {
  if (remembered_) co_return;
  auto work = [this] { return doors_.notes.get(memory_name()); };
  auto kept = co_await doors_.workers.run(std::move(work));
  if (std::exchange(remembered_, true) || !kept || !*kept) co_return;
  auto memory = memory_from(**kept);
  if (!memory) co_return;
  breaker_.hold(memory->held_until);
  if (doors_.clock.now() - memory->learned < kForget) profile_ = memory->profile;
}

awaitable<void> Endpoint::keep_memory() {
  auto text = to_text(Memory{profile_, doors_.clock.now(), breaker_.held_until()});
  auto work = [this, text] { return doors_.notes.put(memory_name(), text); };
  if (auto done = co_await doors_.workers.run(std::move(work)); !done)
    log::warning("model.profile_not_kept", {{"why", done.error().what()}});
}

std::string Endpoint::trouble() const {
  auto now = doors_.clock.now();
  if (auto why = breaker_.closed_by(now)) return "left alone for now: " + std::string(to_string(*why));
  if (now < breaker_.held_until()) return "told to wait until " + to_iso(breaker_.held_until());
  return {};
}

awaitable<Status> Endpoint::may_call(SteadyMoment deadline) {
  while (true) {
    auto now = doors_.clock.now();
    if (auto why = breaker_.closed_by(now)) {
      auto kind = *why == Class::out_of_money ? ErrorKind::rate_limited : ErrorKind::unavailable;
      co_return Error(kind, "the endpoint is left alone: " + std::string(to_string(*why)));
    }
    if (now >= breaker_.held_until()) co_return Status();
    auto wait = breaker_.held_until() - now;
    if (doors_.clock.steady_now() + wait >= deadline)
      co_return Error(ErrorKind::rate_limited, "told to wait longer than there is time");
    co_await async::sleep_for(doors_.clock, wait);
  }
}

http::Request Endpoint::request(const Attempt& attempt) const {
  http::Request out;
  out.method = "POST";
  out.url = url_of(options_.base_url);
  out.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
  if (!options_.key.empty()) out.headers.emplace_back("Authorization", "Bearer " + options_.key.reveal());
  out.body = request_body(attempt.question, attempt.profile, options_.model, attempt.output_tokens);
  out.max_response = kLargestAnswer;
  auto left = std::chrono::floor<milliseconds>(attempt.question.deadline - doors_.clock.steady_now());
  out.total_timeout = std::clamp(left, milliseconds(1), std::max(options_.timeout, milliseconds(1)));
  out.connect_timeout = out.total_timeout;  // counts up to the first byte, which comes when the model has finished
  return out;
}

Reading Endpoint::read_outcome(const http::Outcome& outcome) const {
  if (outcome) return read(outcome.response(), doors_.clock.now());
  Reading out;
  out.why = outcome.failure().error.what();
  return out;
}

// What is not reported is estimated; of a call that ended in the dark, all that it might have cost.
std::int64_t Endpoint::used(const Attempt& attempt, const Reading& reading) const {
  if (reading.asked_tokens > 0) return reading.asked_tokens + reading.said_tokens;
  switch (reading.kind) {
    case Class::answer:
      return attempt.asked_estimate() + estimated_tokens(reading.content);
    case Class::transient:
    case Class::cut:
    case Class::empty:
    case Class::refused:
      return attempt.asked_estimate() + attempt.output_tokens;
    default:
      return 0;  // refused before the model was asked
  }
}

void Endpoint::tell(const Attempt& attempt, const Reading& reading, SteadyMoment begun) {
  auto took = std::chrono::duration_cast<milliseconds>(doors_.clock.steady_now() - begun);
  log::debug("model.call", {{"task", attempt.question.task},
                            {"result", to_string(reading.kind)},
                            {"why", reading.why},
                            {"ms", std::int64_t{took.count()}},
                            {"x-request-id", reading.request_id}});
  doors_.metrics.count("broadsheet_model_calls_total", "Calls of the model's endpoint, by task and result",
                       {{"task", attempt.question.task}, {"result", std::string(to_string(reading.kind))}});
  doors_.metrics.count("broadsheet_model_tokens_total", "Tokens asked and answered, by task",
                       {{"task", attempt.question.task}}, static_cast<double>(used(attempt, reading)));
  tell_operator(reading);
}

void Endpoint::tell_operator(const Reading& reading) {
  bool lasting = reading.kind == Class::configuration || reading.kind == Class::out_of_money;
  if (!lasting || std::exchange(told_, true)) return;
  bool money = reading.kind == Class::out_of_money;
  log::error("model.refused",
             {{"why", reading.why},
              {"fix", money ? "fill up the account of writer.api_key; extracts are posted until then"
                            : "check writer.base_url, writer.model and writer.api_key; `doctor` asks the endpoint"}});
}

awaitable<Result<Reading>> Endpoint::call(const Attempt& attempt) {
  auto booking = co_await ledger_.book(attempt.asked_estimate() + attempt.output_tokens);
  if (!booking) co_return booking.error();
  auto begun = doors_.clock.steady_now();
  auto outcome = co_await doors_.transport.send(request(attempt));
  auto reading = read_outcome(outcome);
  if (lost_text(attempt.asked_estimate(), reading.asked_tokens) && reading.kind == Class::answer) {
    reading.kind = Class::too_long;
    reading.why = "the endpoint cut the question short; give its model a longer context";
  }
  booking->settle(used(attempt, reading));
  breaker_.note(reading.kind, doors_.clock.now(), reading.wait);
  tell(attempt, reading, begun);
  co_await ledger_.save();
  co_return reading;
}

// The way of asking is not taken. Who asked in an old way meanwhile asks in the new one.
awaitable<std::optional<Error>> Endpoint::next_form(Attempt& attempt, const Reading& reading) {
  bool changed = profile_ != attempt.profile;
  bool again = names_the_limit(reading.about) && std::exchange(attempt.swapped, true);
  if (again || ++attempt.forms > kForms || (!changed && !step_down(profile_, reading.about))) {
    breaker_.note(Class::configuration, doors_.clock.now());
    co_return error_of(Class::form, "the endpoint takes no form of the question: " + reading.why);
  }
  if (!changed) {
    log::info("model.asked_otherwise", {{"why", reading.why}});
    co_await keep_memory();
  }
  co_return std::nullopt;
}

awaitable<std::optional<Error>> Endpoint::next_wait(Attempt& attempt, const Reading& reading) {
  if (++attempt.waits > kWaits) co_return error_of(Class::wait, reading.why);
  auto backoff = std::min(kBackoff * (1 << attempt.waits), kLongestBackoff);
  auto wait =
      reading.wait.value_or(milliseconds(1) + std::chrono::duration_cast<milliseconds>(backoff * doors_.random()));
  breaker_.hold(doors_.clock.now() + wait);
  if (wait > kLongestHold) log::warning("model.told_to_wait", {{"until", to_iso(breaker_.held_until())}});
  if (reading.wait) co_await keep_memory();
  co_return std::nullopt;
}

awaitable<std::optional<Error>> Endpoint::next(Attempt& attempt, const Reading& reading) {
  switch (reading.kind) {
    case Class::form:
      co_return co_await next_form(attempt, reading);
    case Class::wait:
      co_return co_await next_wait(attempt, reading);
    case Class::permanent:
      // An endpoint that never answered may only be unable to say what it does not take.
      if (!proven_ && profile_.mode != JsonMode::plain && reading.why.starts_with("HTTP 400"))
        co_return co_await next_form(attempt, reading);
      co_return error_of(reading.kind, reading.why);
    case Class::transient:
      if (++attempt.retries > kRetries) co_return error_of(reading.kind, reading.why);
      co_await async::sleep_for(doors_.clock, std::chrono::duration_cast<milliseconds>(
                                                  kBackoff * (1 << (attempt.retries - 1)) * doors_.random()));
      co_return std::nullopt;
    case Class::cut:
      if (std::exchange(attempt.shorter, true)) co_return error_of(reading.kind, "cut off twice");
      attempt.output_tokens *= 2;
      attempt.question.user += "\n\nYour last answer was cut off. Write shorter.";
      co_return std::nullopt;
    case Class::empty:
      if (std::exchange(attempt.emptied, true)) co_return error_of(reading.kind, reading.why);
      co_return std::nullopt;
    default:
      co_return error_of(reading.kind, reading.why);
  }
}

awaitable<Endpoint::Outcome> Endpoint::try_until_settled(Attempt& attempt) {
  while (true) {
    if (auto may = co_await may_call(attempt.question.deadline); !may) co_return may.error();
    attempt.profile = profile_;
    auto reading = co_await call(attempt);
    if (!reading) co_return reading.error();
    if (reading->kind == Class::answer) {
      proven_ = true;
      co_return Answer{std::move(reading->content), std::move(reading->model)};
    }
    if (auto end = co_await next(attempt, *reading)) co_return std::move(*end);
  }
}

awaitable<Endpoint::Outcome> Endpoint::ask(Question question) {
  co_await remember();
  while (running_ >= options_.concurrency) {
    freed_.clear();
    co_await freed_.wait();
  }
  struct Slot {
    explicit Slot(Endpoint& of) : endpoint(of) { ++endpoint.running_; }
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot() {
      --endpoint.running_;
      endpoint.freed_.set();
    }
    Endpoint& endpoint;
  } slot(*this);
  Attempt attempt;
  attempt.output_tokens = question.output_tokens;
  attempt.question = std::move(question);
  co_return co_await try_until_settled(attempt);
}

}  // namespace broadsheet::endpoint
