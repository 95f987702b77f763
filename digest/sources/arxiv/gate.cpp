#include "digest/sources/arxiv/gate.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "bot/base/moments.hpp"

namespace broadsheet::arxiv {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr seconds kLeastPause{3};  // also where Retry-After says 0
constexpr minutes kLongestAsked{15};
constexpr seconds kFirstPause{60};  // after 429 and 503, doubling
constexpr minutes kLongestPause{30};
constexpr std::chrono::hours kDenied{24};  // after 403

milliseconds doubled(int times) {
  auto pause = milliseconds(kFirstPause) * (1 << std::min(times, 6));
  return std::min<milliseconds>(pause, kLongestPause);
}

}  // namespace

std::optional<milliseconds> retry_after(std::string_view header, Moment now) {
  if (header.empty()) return std::nullopt;
  std::int64_t wanted = 0;
  auto [end, ec] = std::from_chars(header.data(), header.data() + header.size(), wanted);
  milliseconds pause{};
  if (ec == std::errc::result_out_of_range) {
    pause = header.front() == '-' ? milliseconds(0) : milliseconds(kLongestAsked);
  } else if (ec == std::errc{} && end == header.data() + header.size()) {
    pause = seconds(std::clamp<std::int64_t>(wanted, 0, 3600));
  } else if (auto moment = parse_rfc822(header)) {
    pause = *moment - now;
  } else {
    return std::nullopt;
  }
  return std::clamp<milliseconds>(pause, kLeastPause, kLongestAsked);
}

Gate::Gate(boost::asio::any_io_executor executor, http::Transport& transport, Clock& clock, GateOptions options)
    : transport_(transport),
      clock_(clock),
      options_(std::move(options)),
      turn_(executor),
      last_end_(clock.steady_now()) {}  // a process that died a moment ago may have asked: the first request waits too

boost::asio::awaitable<Result<http::Response>> Gate::get(SourceKind kind, std::string url, std::string etag) {
  auto guard = co_await turn_.lock();
  if (auto left = silent_for(kind)) {
    Error asked(ErrorKind::rate_limited, silences_[kind].why + "; asked again after " + in_words(clock_.now() + *left));
    asked.retry_after(*left);
    co_return asked;
  }
  co_await wait_for_turn();
  http::Request request;
  request.url = std::move(url);
  request.headers = {{"Accept", "application/atom+xml, */*"}, {"User-Agent", user_agent()}};
  if (!etag.empty()) request.headers.emplace_back("If-None-Match", etag);
  request.max_response = std::size_t{32} << 20;
  // Also when the exchange is cancelled: the next request keeps its distance.
  struct EndOfExchange {
    SteadyMoment& last_end;
    Clock& clock;
    ~EndOfExchange() { last_end = clock.steady_now(); }
  };
  http::Outcome outcome;
  {
    EndOfExchange end{last_end_, clock_};
    outcome = co_await transport_.send(std::move(request));
  }
  auto verdict = judge(kind, std::move(outcome));
  if (std::exchange(changed_, false) && told_) co_await told_();
  co_return verdict;
}

// contracts: arXiv 1.1: product, version, address and contact.
std::string Gate::user_agent() const {
  auto out = "Broadsheet/" + options_.version + " (arXiv digest service";
  if (!options_.url.empty()) out += "; +" + options_.url;
  if (!options_.contact.empty()) out += "; mailto:" + options_.contact;
  return out + ")";
}

// By the monotonic clock: a wall clock that jumps neither shortens nor stretches what arXiv asked for.
std::optional<milliseconds> Gate::silent_for(SourceKind kind) const {
  auto it = quiet_until_.find(kind);
  if (it == quiet_until_.end() || it->second <= clock_.steady_now()) return std::nullopt;
  return std::chrono::ceil<milliseconds>(it->second - clock_.steady_now());
}

void Gate::restore(SourceKind kind, Silence silence) {
  auto most = std::clamp<milliseconds>(silence.pause, milliseconds(0), kDenied);
  auto left = std::clamp<milliseconds>(silence.until - clock_.now(), milliseconds(0), most);
  quiet_until_[kind] = clock_.steady_now() + left;
  silences_[kind] = std::move(silence);
}

boost::asio::awaitable<void> Gate::wait_for_turn() {
  while (true) {
    auto passed = clock_.steady_now() - last_end_;
    if (passed >= options_.min_interval) co_return;
    co_await async::sleep_for(clock_, std::chrono::ceil<milliseconds>(options_.min_interval - passed));
  }
}

Error Gate::silence(SourceKind kind, ErrorKind error, milliseconds pause, std::string why) {
  auto& s = silences_[kind];
  s.until = clock_.now() + pause;
  quiet_until_[kind] = clock_.steady_now() + pause;
  s.pause = pause;
  s.why = why;
  ++s.times;
  changed_ = true;
  Error out(error, std::move(why));
  out.retry_after(pause);
  return out;
}

// What never got to arXiv says nothing about it: the pause does not grow, and the network may be back soon.
Error Gate::unreached(SourceKind kind, const http::TransportError& failure, int times) {
  bool sent = failure.reached != http::Reached::not_sent;
  auto error = silence(kind, ErrorKind::unavailable, sent ? doubled(times) : kFirstPause, failure.error.what());
  if (!sent) silences_[kind].times = times;
  return error;
}

Result<http::Response> Gate::judge(SourceKind kind, http::Outcome outcome) {
  int times = silences_.contains(kind) ? silences_[kind].times : 0;
  if (!outcome) return unreached(kind, outcome.failure(), times);
  auto& response = outcome.response();
  // contracts: arXiv 1.7: a limit may come as a text instead of a status.
  if (response.status == 200 && response.body.starts_with("Rate exceeded"))
    return silence(kind, ErrorKind::rate_limited, doubled(times), "arXiv asks to slow down (\"Rate exceeded.\")");
  // 400 brings arXiv's own reason as a document (contracts: arXiv 1.5, 2.4): the readers tell it.
  if (response.status == 200 || response.status == 304 || response.status == 400) {
    changed_ = silences_.erase(kind) > 0 || changed_;
    quiet_until_.erase(kind);
    return std::move(response);
  }
  auto asked = retry_after(http::header(response.headers, "Retry-After"), clock_.now());
  switch (response.status) {
    case 429:
      return silence(kind, ErrorKind::rate_limited, std::max(asked.value_or(kLeastPause), doubled(times)),
                     "arXiv asks to slow down (429)");
    case 403:
      return silence(kind, ErrorKind::refused, kDenied, "arXiv denies access (403); an operator must look");
    case 404:
      return Error(ErrorKind::not_found, "arXiv has nothing at that address (404)");
    case 406:
      return Error(ErrorKind::bad_input, "arXiv refused the Accept header (406)");
    default:
      break;
  }
  auto status = std::to_string(response.status);
  if (response.status >= 500)
    return silence(kind, ErrorKind::unavailable,
                   times == 0 ? asked.value_or(doubled(0)) : std::max(asked.value_or(kLeastPause), doubled(times - 1)),
                   "arXiv answers " + status);
  return Error(ErrorKind::refused, "arXiv answers " + status + "; redirects are not followed");
}

}  // namespace broadsheet::arxiv
