// fanout_sender FOLDER BASE TOKEN TIME RATE [POINT N]: sends what is in the outbox to the fake Bot API and ends with 0
// when nothing is left. With a point it kills itself there, at the N-th message (design: reliability F05-F09):
//   before_connect  committed, nothing sent      half_body    the server has half of the request
//   executed        the answer is there, unread  answer_read  read, not yet committed
//   committed       N messages are recorded as delivered
//   paced           the same, under the platform's real limits
// With the point `enqueue` it writes one digest to N chats into the outbox instead, as one slot.
#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "bot/http/url.hpp"
#include "tests/unit/fanout/fanout.hpp"

using namespace broadsheet;

namespace {

[[noreturn]] void die() {
  ::raise(SIGKILL);
  std::abort();
}

// Writes the first `share` of the request by hand; with all of it, waits until there is an answer.
void write_raw(const http::Request& request, double share) {
  auto url = *http::parse_url(request.url);
  std::string bytes = request.method + " " + url.target + " HTTP/1.1\r\nHost: " + url.authority() +
                      "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(request.body.size()) +
                      "\r\n\r\n" + request.body;
  int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(url.port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) std::abort();
  auto size = static_cast<std::size_t>(static_cast<double>(bytes.size()) * share);
  for (std::size_t at = 0; at < size;) {
    auto n = ::write(fd, bytes.data() + at, size - at);
    if (n <= 0) std::abort();
    at += static_cast<std::size_t>(n);
  }
  pollfd answer{fd, POLLIN, 0};
  if (share >= 1) ::poll(&answer, 1, 10'000);
}

class DyingTransport final : public http::Transport {
 public:
  DyingTransport(http::Transport& real, std::string point, int nth)
      : real_(real), point_(std::move(point)), left_(nth) {}
  boost::asio::awaitable<http::Outcome> send(http::Request request) override {
    bool now = request.url.ends_with("/sendMessage") && --left_ == 0;
    if (now && point_ == "before_connect") die();
    if (now && point_ == "half_body") write_raw(request, 0.5), die();
    if (now && point_ == "executed") write_raw(request, 1), die();
    auto outcome = co_await real_.send(std::move(request));
    if (now && point_ == "answer_read") die();
    co_return outcome;
  }

 private:
  http::Transport& real_;
  std::string point_;
  int left_;
};

int enqueue(const char* folder, int chats, Moment now) {
  std::vector<std::int64_t> places;
  for (int n = 1; n <= chats; ++n) places.push_back(n);
  auto store = store::open_store({.data_dir = folder});
  if (!store) return 2;
  return (*store)->outbox().enqueue("slot", fanout::rows_of(places, fanout::invented_messages(11), now), now) ? 0 : 2;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) return std::fprintf(stderr, "fanout_sender FOLDER BASE TOKEN TIME RATE [POINT N]\n"), 2;
  ScaledClock clock(*parse_iso(argv[4]), std::atof(argv[5]));
  std::string point = argc > 7 ? argv[6] : "";
  int nth = argc > 7 ? std::atoi(argv[7]) : 0;
  if (point == "enqueue") return enqueue(argv[1], nth, clock.now());
  fanout::SenderOptions options{.data_dir = argv[1], .base = argv[2], .token = argv[3]};
  options.limits_scale = point == "paced" ? 1 : 100;
  options.wrap = [&](http::Transport& real) { return std::make_unique<DyingTransport>(real, point, nth); };
  fanout::Sender sender(clock, options);
  sender.run(0, [&] {
    if (point != "committed" && point != "paced") return;
    auto counts = *sender.store().outbox().counts();
    if (counts[model::RowState::delivered] >= static_cast<std::size_t>(nth)) die();
  });
  return 0;
}
