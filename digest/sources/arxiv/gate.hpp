// The one polite door to arXiv for the whole process (contracts: arXiv 1.7 and 4): one request at a time, a pause
// between the end of one answer and the start of the next, who we are in User-Agent, and silence where arXiv asked for
// it. Used on the I/O thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "bot/async/async.hpp"
#include "bot/base/clock.hpp"
#include "bot/base/result.hpp"
#include "bot/http/http.hpp"

namespace broadsheet::arxiv {

enum class SourceKind : std::uint8_t { feed, api, oai, site };

struct GateOptions {
  std::chrono::milliseconds min_interval{3100};
  std::string version = "0.1";
  std::string contact;  // mail address
  std::string url;      // where the service is described; may be empty
};

// Until when a source is left alone, and why; for /readyz and across restarts.
struct Silence {
  Moment until{};
  std::string why;
  int times = 0;                      // in a row
  std::chrono::milliseconds pause{};  // what `until` was counted from: bounds it when the wall clock jumped
};

// How long to wait by Retry-After: seconds or an HTTP date; at least 3 s, at most 15 min; nothing if it says nothing.
std::optional<std::chrono::milliseconds> retry_after(std::string_view header, Moment now);

class Gate {
 public:
  Gate(boost::asio::any_io_executor executor, http::Transport& transport, Clock& clock, GateOptions options);

  // GET. 200, 304 and 400 (with arXiv's reason in the body) are answers; everything else is an Error whose kind says
  // what to do: rate_limited, unavailable (both with retry_after), refused (403: a day of silence), not_found. `etag`:
  // sent as If-None-Match.
  boost::asio::awaitable<Result<http::Response>> get(SourceKind kind, std::string url, std::string etag = {});

  const std::map<SourceKind, Silence>& silences() const { return silences_; }
  // From before a restart; at most its own pause counts, whatever the wall clock did meanwhile.
  void restore(SourceKind kind, Silence silence);
  // Waited for whenever a silence began or ended, before the answer is given out: what arXiv asked for must outlive a
  // crash in the next moment.
  void on_change(std::function<boost::asio::awaitable<void>()> told) { told_ = std::move(told); }

 private:
  boost::asio::awaitable<void> wait_for_turn();
  std::string user_agent() const;
  std::optional<std::chrono::milliseconds> silent_for(SourceKind kind) const;
  Result<http::Response> judge(SourceKind kind, http::Outcome outcome);
  Error unreached(SourceKind kind, const http::TransportError& failure, int times);
  Error silence(SourceKind kind, ErrorKind error, std::chrono::milliseconds pause, std::string why);

  http::Transport& transport_;
  Clock& clock_;
  GateOptions options_;
  async::AsyncMutex turn_;
  SteadyMoment last_end_;
  std::map<SourceKind, Silence> silences_;
  std::map<SourceKind, SteadyMoment> quiet_until_;
  std::function<boost::asio::awaitable<void>()> told_;
  bool changed_ = false;  // a silence, since it was told
};

}  // namespace broadsheet::arxiv
