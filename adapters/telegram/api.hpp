// The Bot API as typed calls over the HTTP door (contracts: Telegram 1). The token stands in the URL and nowhere else:
// no error, log line or value of this module holds it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "bot/base/result.hpp"
#include "bot/http/http.hpp"
#include "config/secret.hpp"

namespace broadsheet::telegram {

template <class T>
using awaitable = boost::asio::awaitable<T>;

// Why a call gave no result.
struct Failure {
  bool answered = false;                                 // the server said no; `code` and `description` count
  http::Reached reached = http::Reached::not_sent;       // without an answer: how far the request got
  int code = 0;                                          // HTTP status or error_code
  std::string description;                               // lower-cased beginning is what is matched; bounded
  std::optional<std::chrono::milliseconds> retry_after;  // of 429
  std::string migrate_to;                                // chat id, or empty
  std::string text() const;                              // for people
  bool says(std::string_view words) const;               // description contains, case-insensitively
};

// A T or a Failure.
template <class T>
class [[nodiscard]] Answer {
 public:
  Answer(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Answer(Failure failure)
      : state_(std::in_place_index<1>, std::move(failure)) {}  // NOLINT(google-explicit-constructor)
  explicit operator bool() const { return state_.index() == 0; }
  const T& operator*() const { return std::get<0>(state_); }
  T& operator*() { return std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  const Failure& failure() const { return std::get<1>(state_); }

 private:
  std::variant<T, Failure> state_;
};

struct Message {
  std::int64_t id = 0;
  std::string text;
};
struct Me {
  std::int64_t id = 0;
  std::string username;
  bool reads_all_group_messages = false;
};
struct Webhook {
  std::string url, last_error;
  std::int64_t pending = 0;
};
struct Chat {
  std::string type, title;
  bool forum = false;
};
struct Member {
  std::string status;
  bool is_member = false, can_send = true, can_post = false;
};
// One update as the server sent it.
struct RawUpdate {
  std::int64_t id = 0;
  std::string json;
};
struct Command {
  std::string name, description;
};

// Which updates are asked for: all that updates.hpp knows.
std::string allowed_updates();

class Api {
 public:
  Api(http::Transport& transport, std::string base_url, const config::Secret& token);

  awaitable<Answer<Message>> send_message(std::string request);
  awaitable<Answer<Message>> edit_message_text(std::string request);
  awaitable<Answer<Message>> edit_message_reply_markup(std::string request);
  awaitable<Answer<bool>> answer_callback_query(std::string id);
  awaitable<Answer<bool>> send_chat_action(std::string chat, std::string topic);
  awaitable<Answer<std::vector<RawUpdate>>> get_updates(std::int64_t offset, std::chrono::seconds timeout, int limit);
  awaitable<Answer<bool>> set_webhook(std::string url, std::string secret);
  awaitable<Answer<bool>> delete_webhook();
  awaitable<Answer<Webhook>> get_webhook_info();
  awaitable<Answer<Me>> get_me();
  awaitable<Answer<Chat>> get_chat(std::string chat);
  awaitable<Answer<Member>> get_chat_member(std::string chat, std::string user);
  // `scope` is the API's name of it: "default", "all_private_chats", "all_group_chats", "all_chat_administrators".
  awaitable<Answer<bool>> set_my_commands(std::vector<Command> commands, std::string scope, std::string language);

 private:
  // `shallow`: only the members of the result itself are wanted, not what is inside them.
  awaitable<Answer<nlohmann::json>> call(std::string_view method, std::string body, std::chrono::milliseconds deadline,
                                         bool shallow = false);

  http::Transport& transport_;
  std::string base_url_;  // without the token
  config::Secret token_;
};

}  // namespace broadsheet::telegram
