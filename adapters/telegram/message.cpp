#include "adapters/telegram/message.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "adapters/common/json.hpp"

namespace broadsheet::telegram {
namespace {

using adapters::dump;
using nlohmann::json;

constexpr std::size_t kUsualButtons = 16;

json entity_json(const Entity& e) {
  json out = {{"type", to_string(e.type)}, {"offset", e.offset}, {"length", e.length}};
  if (!e.url.empty()) out["url"] = e.url;
  if (!e.language.empty()) out["language"] = e.language;
  return out;
}

json button_json(const doc::Button& button) {
  if (!button.url.empty()) return {{"text", button.label}, {"url", button.url}};
  return {{"text", button.label}, {"callback_data", callback_data({}, button)}};
}

json markup_json(const Keyboard& keyboard) {
  json rows = json::array();
  for (const auto& row : keyboard) {
    json out = json::array();
    for (const auto& button : row) out.push_back(button_json(button));
    rows.push_back(std::move(out));
  }
  return {{"inline_keyboard", std::move(rows)}};
}

// Writes the key of this delivery before each button's data; true if there is one.
bool stamp(json& body, const std::string& key) {
  bool found = false;
  auto markup = body.find("reply_markup");
  if (markup == body.end() || !markup->is_object()) return false;
  for (auto& row : (*markup)["inline_keyboard"])
    for (auto& button : row) {
      auto data = button.is_object() ? button.find("callback_data") : button.end();
      if (!button.is_object() || data == button.end() || !data->is_string()) continue;
      *data = key + data->get<std::string>();
      found = true;
    }
  return found && !key.empty();
}

// Numbers as numbers; "@channel" stays text.
json id_json(const std::string& id) {
  std::int64_t number = 0;
  auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  return error == std::errc() && end == id.data() + id.size() ? json(number) : json(id);
}

Error not_ours() {
  return {ErrorKind::internal, "the stored message is not one of Telegram's"};
}

Result<json> parse_body(std::string_view body) {
  auto read = adapters::parse_json(body);
  const auto* text = read ? adapters::member(*read, {"text"}) : nullptr;
  if (text == nullptr || !text->is_string()) return not_ours();
  return read;
}

// What body_of() makes: an object with a text.
bool is_ours(std::string_view body) {
  return body.starts_with("{\"") && body.ends_with('}') && body.find(R"("text":")") != std::string_view::npos;
}

void set_address(json& request, const Address& to) {
  request["chat_id"] = id_json(to.target.place);
  // The General topic has no address of its own (contracts: Telegram 5).
  if (!to.target.topic.empty() && to.target.topic != "1") request["message_thread_id"] = id_json(to.target.topic);
  if (!to.reply_to.empty())
    request["reply_parameters"] = {{"message_id", id_json(to.reply_to.str())}, {"allow_sending_without_reply", true}};
}

}  // namespace

std::string body_of(const Content& content) {
  json body = {{"text", content.text.text}};
  if (!content.text.entities.empty()) {
    json entities = json::array();
    for (const auto& e : content.text.entities) entities.push_back(entity_json(e));
    body["entities"] = std::move(entities);
  }
  if (content.preview_url.empty())
    body["link_preview_options"] = {{"is_disabled", true}};
  else
    body["link_preview_options"] = {{"url", content.preview_url}, {"prefer_small_media", true}};
  if (content.silent) body["disable_notification"] = true;
  if (!content.keyboard.empty()) body["reply_markup"] = markup_json(content.keyboard);
  return dump(body);
}

// Thousands of chats get the same body: address and key are written into its text, which body_of() made. A quote inside
// a text is escaped there, so the mark is found at keyboards only.
Result<std::string> send_request(std::string_view body, const Address& to) {
  constexpr std::string_view kMark = R"("callback_data":")";
  if (!is_ours(body)) return not_ours();
  bool plain =
      std::all_of(to.key.str().begin(), to.key.str().end(), [](unsigned char c) { return std::isalnum(c) != 0; });
  if (!plain) return Error(ErrorKind::internal, "a delivery key is letters and digits");
  json address = json::object();
  set_address(address, to);
  auto out = dump(address);
  out.back() = ',';
  out.reserve(out.size() + body.size() + kUsualButtons * to.key.str().size());
  body.remove_prefix(1);
  for (auto at = body.find(kMark); at != std::string_view::npos; at = body.find(kMark)) {
    out.append(body.substr(0, at + kMark.size())).append(to.key.str());
    body.remove_prefix(at + kMark.size());
  }
  return out.append(body);
}

Result<std::string> plain_send_request(std::string_view body, const Address& to) {
  auto request = parse_body(body);
  if (!request) return request.error();
  request->erase("entities");
  set_address(*request, to);
  stamp(*request, to.key.str());
  return dump(*request);
}

Result<std::string> edit_request(std::string_view body, const Address& to, std::string_view message_id) {
  auto request = parse_body(body);
  if (!request) return request.error();
  request->erase("disable_notification");
  (*request)["chat_id"] = id_json(to.target.place);
  (*request)["message_id"] = id_json(std::string(message_id));
  stamp(*request, to.key.str());
  return dump(*request);
}

Result<std::string> probe_request(std::string_view body, const Address& to, std::int64_t message_id) {
  auto stored = parse_body(body);
  if (!stored) return stored.error();
  if (!stamp(*stored, to.key.str())) return Error(ErrorKind::not_found, "the message has no keyboard to be known by");
  json request = {{"chat_id", id_json(to.target.place)}, {"message_id", message_id}};
  request["reply_markup"] = (*stored)["reply_markup"];
  return dump(request);
}

std::string plain_text(std::string_view body) {
  auto stored = parse_body(body);
  return stored ? (*stored)["text"].get<std::string>() : std::string();
}

}  // namespace broadsheet::telegram
