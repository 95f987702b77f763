// A Slack on loopback: the Web API with its checks, limits and silences, response_urls, and Socket Mode. It keeps what
// people would see.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "fake_http.hpp"
#include "fake_slack_socket.hpp"

namespace broadsheet::fakes {

struct SlackMessage {
  std::string channel, ts, thread_ts, text, key, user;  // `user`: of an ephemeral one
  nlohmann::json body;
  bool deleted = false, edited = false;
  std::chrono::steady_clock::time_point at;
};

class FakeSlack {
 public:
  FakeSlack();

  std::string api() const { return http_.base() + "/api"; }
  std::string hooks() const { return http_.base(); }
  std::string response_url() const { return http_.base() + "/commands/T0TEAM/1/secret"; }
  FakeHttp& http() { return http_; }
  FakeSlackSocket& socket() { return socket_; }
  const FakeSlackSocket& socket() const { return socket_; }

  // The next call of this method is answered like this and does nothing.
  void answer_next(const std::string& method, Reply reply);
  void fail_next(const std::string& method, const std::string& error);
  // The next call is carried out, then its answer breaks.
  void break_next(const std::string& method, Fault fault);
  // Two posts into one channel within this time: 429.
  void posts_at_least_apart(std::chrono::milliseconds d);
  void remove_message(const std::string& ts);
  void history_scope(bool granted);
  void member_of(const std::string& channel, bool yes);
  void expire_token();

  std::vector<SlackMessage> posted() const;     // not ephemeral, in order, deleted ones too
  std::vector<SlackMessage> ephemeral() const;  // by response_url or postEphemeral
  std::vector<nlohmann::json> views() const;
  std::vector<std::string> faults() const;  // of payloads, tokens, arguments
  std::size_t calls(const std::string& method) const;

 private:
  using json = nlohmann::json;
  Reply handle(const Seen& seen);
  Reply call(const std::string& method, const Seen& seen);
  Reply run(const std::string& method, const json& arguments);
  Reply post(const json& m);
  Reply post_ephemeral(const json& m);
  Reply update(const json& m);
  Reply history(const json& m, bool replies);
  Reply exchange(const Seen& seen, const json& form);
  Reply respond(const Seen& seen);
  std::optional<std::string> refused(const std::string& channel) const;
  void check(const json& payload, bool view = false);
  SlackMessage* find(const std::string& channel, const std::string& ts);

  mutable std::mutex mutex_;
  std::map<std::string, std::deque<Reply>> scripted_;
  std::map<std::string, std::deque<Fault>> breaking_;
  std::map<std::string, std::size_t> calls_;
  std::map<std::string, std::chrono::steady_clock::time_point> last_post_;
  std::chrono::milliseconds apart_{0};
  std::map<std::string, bool> members_;
  std::string token_ = "xoxb-fake";
  int generation_ = 0, response_uses_ = 0, posts_ = 0;
  bool scope_ = true, expired_ = false;
  std::vector<SlackMessage> posted_, ephemeral_;
  std::vector<json> views_;
  std::vector<std::string> faults_;
  FakeSlackSocket socket_;
  FakeHttp http_;  // last: its thread uses everything above
};

}  // namespace broadsheet::fakes
