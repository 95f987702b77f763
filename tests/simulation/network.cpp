#include "tests/simulation/network.hpp"

#include <algorithm>

#include "bot/base/text.hpp"

namespace broadsheet::simulation {
namespace {

using boost::asio::awaitable;

constexpr std::chrono::milliseconds kTravel{30};
constexpr std::string_view kScheme = "https://", kDomain = ".example";

// "slack" of "https://slack.example/api/…", and what follows.
std::pair<std::string, std::string> split_url(const std::string& url) {
  auto end = url.find(kDomain);
  if (!url.starts_with(kScheme) || end == std::string::npos) return {};
  return {url.substr(kScheme.size(), end - kScheme.size()), url.substr(end + kDomain.size())};
}

http::Outcome lost(const char* why, http::Reached reached) {
  return http::TransportError(Error(ErrorKind::transient, why), reached);
}

fakes::Seen seen_of(const http::Request& request, std::string target) {
  fakes::Seen out;
  out.method = request.method;
  out.target = std::move(target);
  out.body = request.body;
  for (const auto& [name, value] : request.headers) out.headers[text::lower_ascii(name)] = value;
  out.connection = 1;
  return out;
}

}  // namespace

void Network::stir() {
  for (auto* waits : waiting_) waits->cancel();
}

awaitable<http::Outcome> Network::send(http::Request request) {
  auto [name, target] = split_url(request.url);
  auto found = hosts_.find(name);
  if (found == hosts_.end()) co_return lost("there is no such host", http::Reached::not_sent);
  co_await async::sleep_for(clock_, kTravel);
  const auto& [answers, cuts] = found->second;
  auto now = clock_.now();
  if (std::any_of(cuts.begin(), cuts.end(), [now](const auto& c) { return c.first <= now && now < c.second; }))
    co_return lost("nobody listens there", http::Reached::not_sent);
  auto first = answers(seen_of(request, target));
  Exchange done{.host = name, .polled = first.poll != nullptr};
  if (first.fault == fakes::Fault::silence) first.delay = request.total_timeout;
  auto reply = co_await settle(std::move(first));
  if (reply.fault == fakes::Fault::reset_before_answer) co_return lost("the connection broke", http::Reached::sent);
  if (reply.delay >= request.total_timeout) co_return lost("no answer in time", http::Reached::sent);
  if (reply.sending) reply.sending();
  done.at = clock_.now();
  done.request = std::move(request);
  done.response = {reply.status, std::move(reply.headers), std::move(reply.body)};
  if (told_) told_(done);
  if (!done.polled) stir();
  co_return std::move(done.response);
}

awaitable<fakes::Reply> Network::settle(fakes::Reply reply) {
  if (reply.delay.count() <= 0) co_return reply;
  async::Timer timer(executor_, clock_);
  struct Waits {
    std::list<async::Timer*>& waiting;
    std::list<async::Timer*>::iterator place;
    ~Waits() { waiting.erase(place); }
  } waits{waiting_, waiting_.insert(waiting_.end(), &timer)};
  auto end = clock_.steady_now() + reply.delay;
  while (clock_.steady_now() < end) {
    if (reply.poll)
      if (auto now = reply.poll()) co_return std::move(*now);
    timer.expires_after(end - clock_.steady_now());
    co_await timer.wait();
  }
  co_return reply;
}

}  // namespace broadsheet::simulation
