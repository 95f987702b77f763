// An HTTP/1.1 server on loopback with its own thread, made of Beast alone so that a defect of our own server or client
// cannot hide in it. The handler decides every answer, and how the answer breaks.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace broadsheet::fakes {

struct Seen {
  std::string method, target, body;
  std::map<std::string, std::string> headers;  // lower-case names
  std::chrono::steady_clock::time_point at;    // when it was read whole
  std::uint64_t connection = 0;
};

enum class Fault : std::uint8_t {
  none,
  reset_before_answer,  // RST after the request was read
  cut_in_body,          // half of the answer's body, then the end
  silence,              // no answer until the other side leaves
  trickle,              // one byte a second
  garbage,              // bytes that are not HTTP
  answer_then_close,
};

struct Reply {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  Fault fault = Fault::none;
  std::chrono::milliseconds delay{0};  // before the answer
  // Long polling: asked every 2 ms until it answers; after `delay` this reply stands.
  std::function<std::optional<Reply>()> poll;
  // Told just before the last byte of the answer leaves.
  std::function<void()> sending;
  // Told instead when the other side left before the answer was ready; null: `sending` is told all the same.
  std::function<void()> unheard;
};

class FakeHttp {
 public:
  using Handler = std::function<Reply(const Seen&)>;  // called on the fake's own thread

  explicit FakeHttp(Handler handler, std::uint16_t port = 0);
  ~FakeHttp();
  FakeHttp(const FakeHttp&) = delete;
  FakeHttp& operator=(const FakeHttp&) = delete;

  std::uint16_t port() const;
  std::string base() const;  // "http://127.0.0.1:PORT"
  // Refuses new connections (and closes what is open) until called with false.
  void refuse(bool yes);
  std::vector<Seen> seen() const;
  // At most this many requests are kept, newest last (default 10,000); 0: none, only counted.
  void keep(std::size_t requests);
  std::uint64_t count() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace broadsheet::fakes
