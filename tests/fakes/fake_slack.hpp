// A Slack on loopback: the Web API of several workspaces with its checks, limits and silences, OAuth, response_urls,
// and Socket Mode. It keeps what people would see, and a timeline of what was asked.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bot/base/clock.hpp"
#include "fake_http.hpp"
#include "fake_slack_socket.hpp"

namespace broadsheet::fakes {

struct SlackMessage {
  std::string team, channel, ts, thread_ts, text, key, user;  // `user`: of an ephemeral one
  nlohmann::json body;
  bool deleted = false, edited = false;
  Moment at;
};

// One call, as the timeline shows it.
struct SlackCall {
  Moment at;
  std::string method, team, channel, thread, key;
  std::string outcome;  // "ok", an error code, "429"
  std::string text;     // first line
};

class FakeSlack {
 public:
  // Without a clock: the machine's.
  explicit FakeSlack(Clock* clock = nullptr);

  std::string api() const { return http_.base() + "/api"; }
  std::string hooks() const { return http_.base(); }
  // Good for five uses in thirty minutes.
  std::string response_url();
  FakeHttp& http() { return http_; }
  // What a request is answered, without the network.
  Reply answer(const Seen& seen) { return handle(seen); }
  // The JSON that a slash command was acknowledged with, whichever way it came: checked, then shown to the asker as
  // Slack would. An empty one shows nothing.
  void take_answer(const std::string& body);
  FakeSlackSocket& socket() { return socket_; }
  const FakeSlackSocket& socket() const { return socket_; }

  // T0TEAM is there from the start, with the token "xoxb-fake". Others are installed with the code "code-TEAM".
  void add_workspace(const std::string& team, const std::string& name);
  // The next call of this method is answered like this and does nothing.
  void answer_next(const std::string& method, Reply reply);
  void fail_next(const std::string& method, const std::string& error);
  // The next call is carried out, then its answer breaks.
  void break_next(const std::string& method, Fault fault);
  // Every answer to every call is held back this long.
  void slow(std::chrono::milliseconds d);
  // Slack's limits: on posts per channel and per workspace, on methods by their tier.
  void keep_limits();
  // The next `times` posts into this channel: 429 with that Retry-After.
  void limit_channel(const std::string& channel, int seconds, int times);
  // The next `times` calls of this method: 429 with that Retry-After. Calls inside such a wait are faults.
  void limit_method(const std::string& method, int seconds, int times);
  // Only these see it; without "U0BOT" the app is not among them.
  void private_channel(const std::string& channel, std::vector<std::string> members);
  void archive(const std::string& channel);
  void remove_message(const std::string& ts);
  void history_scope(bool granted);
  void scopes(std::string granted);
  void member_of(const std::string& channel, bool yes);
  // Posts into this channel are refused with that code until it is given as "".
  void refuse_channel(const std::string& channel, const std::string& code);
  void expire_token(const std::string& team = "T0TEAM");
  void revoke_token(const std::string& team);
  // Messages in a page of history.
  void page(std::size_t messages);
  // Called for each call, on the fake's thread, at "arrived", "executed" and "answered" (the last byte leaves). False
  // at "arrived": the request is lost, nothing is executed. When watch() returns, the watcher before it has finished.
  using Watcher = std::function<bool(const std::string& method, const std::string& point)>;
  void watch(Watcher watcher);

  std::vector<SlackMessage> posted() const;     // not ephemeral, in order, deleted ones too
  std::vector<SlackMessage> ephemeral() const;  // by response_url, postEphemeral or take_answer
  std::vector<nlohmann::json> views() const;    // views.open and views.publish, in order
  std::vector<nlohmann::json> unfurls() const;
  std::vector<std::string> faults() const;  // of payloads, tokens, arguments
  std::vector<SlackCall> timeline() const;
  std::string timeline_text() const;
  std::size_t calls(const std::string& method) const;
  std::size_t limited() const;  // posts answered 429 by keep_limits()

 private:
  using json = nlohmann::json;
  struct Workspace {
    std::string team, name, token;
    int generation = 0;  // of its rotating tokens
    bool expired = false, revoked = false;
  };
  struct Url {
    Moment made;
    int uses = 0;
  };
  struct Bucket {
    double tokens = 0;
    Moment at{};
  };

  Reply handle(const Seen& seen);
  Reply call(const std::string& method, const Seen& seen);
  Reply run(const std::string& method, const json& arguments);
  Reply post(const json& m);
  Reply post_ephemeral(const json& m);
  Reply update(const json& m);
  Reply remove(const json& m);
  Reply history(const json& m, bool replies);
  Reply view(const json& m);
  Reply unfurl(const json& m);
  Reply exchange(const Seen& seen, const json& form);
  Reply respond(const Seen& seen);
  std::optional<std::string> refused(const std::string& channel) const;
  std::optional<Reply> too_fast(const std::string& channel);
  std::optional<Reply> beyond_tier(const std::string& method);
  Reply told(const std::string& what, int seconds);
  void heed(const std::string& what);
  Reply channel_info(const json& m) const;
  Reply members_of(const json& m) const;
  bool take(const std::string& bucket, double per_second, double burst);
  Workspace* workspace(const std::string& token);
  void check(const json& payload, bool view = false);
  void note(const std::string& method, const json& arguments, const Reply& reply);
  SlackMessage* find(const std::string& channel, const std::string& ts);
  std::string new_ts();

  bool watched(const std::string& method, const char* point);

  mutable std::mutex mutex_;
  SystemClock own_clock_;
  Clock& clock_;
  std::map<std::string, std::deque<Reply>> scripted_;
  std::map<std::string, std::deque<Fault>> breaking_;
  std::map<std::string, std::size_t> calls_;
  std::map<std::string, Bucket> buckets_;
  std::map<std::string, std::pair<int, int>> limited_channels_;  // seconds, times left
  std::map<std::string, std::pair<int, int>> limited_methods_;
  std::map<std::string, Moment> closed_until_;               // what was told to wait, by method and place
  std::map<std::string, std::vector<std::string>> private_;  // members, by channel
  std::set<std::string> archived_;
  std::map<std::string, bool> members_;
  std::map<std::string, std::string> refused_;
  std::map<std::string, Workspace> workspaces_;  // by team
  Workspace* calling_ = nullptr;                 // whose token the call in hand carries
  std::map<std::string, Url> urls_;
  std::mutex watching_;  // held while a watcher runs: it may ask this fake
  Watcher watcher_;
  std::chrono::milliseconds slow_{0};
  std::string granted_ =
      "commands,chat:write,app_mentions:read,channels:history,channels:read,chat:write.public,groups:history,"
      "groups:read,im:history,im:write,users:read";
  std::size_t page_ = 2, limited_ = 0;
  int posts_ = 0;
  bool scope_ = true, keeps_limits_ = false;
  std::vector<SlackMessage> posted_, ephemeral_;
  std::vector<json> views_, unfurls_;
  std::vector<std::string> faults_;
  std::vector<SlackCall> timeline_;
  FakeSlackSocket socket_;
  FakeHttp http_;  // last: its thread uses everything above
};

}  // namespace broadsheet::fakes
