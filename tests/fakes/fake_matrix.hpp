// A homeserver on loopback: rooms with a timeline, the transaction map as Synapse keeps it (memory and a row for each
// device), rate limits, long polling with gaps, tokens that expire, and faults on demand. Contents that break a rule
// are refused and remembered.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bot/base/clock.hpp"
#include "tests/fakes/fake_http.hpp"

namespace broadsheet::fakes {

struct FakeMatrixOptions {
  std::string user = "@bot:example.org", password = "open-sesame", token = "tok-1", device = "DEVICE";
  std::string as_token;        // with it the bot is an application service
  bool devices_by_put = true;  // Synapse 1.141; 1.132 answers 404
  bool oauth = false;          // offers the device grant; a person allows it at the third question
  bool oauth_denied = false;   // or does not
  std::size_t timeline_limit = 50;
  std::size_t burst = 1000;  // messages until 429
  double per_second = 0;     // that come back, by the clock
  std::string retry_after = "1";
  std::uint16_t port = 0;
  Clock* clock = nullptr;  // of events and limits; else the system's
};

class MatrixWorld;

class FakeMatrix {
 public:
  explicit FakeMatrix(FakeMatrixOptions options = {});
  ~FakeMatrix();
  FakeMatrix(const FakeMatrix&) = delete;
  FakeMatrix& operator=(const FakeMatrix&) = delete;

  std::string base() const;
  FakeHttp& http();
  // What a request is answered, without the network.
  Reply answer(const Seen& seen);

  void add_room(const std::string& room, const std::vector<std::string>& members, bool joined = true);
  void power(const std::string& room, const std::string& user, int level);
  void encrypt(const std::string& room);
  void name(const std::string& room, const std::string& name);
  void invite(const std::string& room, const std::string& by);
  void kick(const std::string& room, const std::string& by, const std::string& reason);
  void replace(const std::string& room, const std::string& by, const std::string& with, bool truthful);
  void set_state(const std::string& room, const std::string& by, const std::string& type, const std::string& content);
  // A message of somebody else; its event id. `thread`: the root of the thread that it stands in.
  std::string say(const std::string& room, const std::string& sender, const std::string& body,
                  const std::string& answers = {}, const std::string& thread = {});
  std::string react(const std::string& room, const std::string& sender, const std::string& target,
                    const std::string& key);

  // Contents of the bot's messages in a room, oldest first, as JSON text.
  std::vector<std::string> sent(const std::string& room) const;
  std::vector<std::string> sent_ids(const std::string& room) const;
  // Keys that the bot added under that event, in order.
  std::vector<std::string> own_keys(const std::string& room, const std::string& event) const;
  struct Call {
    Moment at{};
    std::string method, path;
    int status = 0;
  };
  std::vector<Call> timeline() const;  // of every request, syncs left out
  std::size_t syncs() const;           // begun
  std::size_t refused_by_limit() const;
  std::vector<std::string> content_faults() const;  // of everything that was sent
  bool joined(const std::string& room) const;

  // The next request whose method and target contain `what` is answered so; executed before it where asked.
  void fail_next(const std::string& what, Reply reply, bool execute_first = false);
  // Points in the life of a message to a room at which a test may strike; called on the fake's thread.
  // When at() returns, what stood there before has finished.
  enum class Point : std::uint8_t {
    connected,  // the first request of a connection
    arrived,    // the message was read and not yet executed
    executed,   // it stands in the room, nothing was answered
    answering,  // the answer leaves
    answered,   // the request after it
  };
  void at(Point point, std::function<void()> strike);
  void expire_token(bool soft_logout);
  void limit(std::size_t burst);
  // The map in memory is lost; the rows of devices stay.
  void restart();
  std::size_t logins() const;
  std::size_t refreshes() const;

 private:
  std::unique_ptr<MatrixWorld> world_;
  std::unique_ptr<FakeHttp> http_;
};

}  // namespace broadsheet::fakes
