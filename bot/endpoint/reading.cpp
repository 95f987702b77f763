#include "bot/endpoint/reading.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "bot/base/json.hpp"
#include "bot/base/text.hpp"
#include "bot/endpoint/profile.hpp"

namespace broadsheet::endpoint {
namespace {

using nlohmann::json;
using untrusted::number_at;
using untrusted::text_at;

constexpr std::int64_t kMostTokens = 10'000'000;  // a count above is no count

bool has_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [text](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

// ---- errors

struct Complaint {
  std::string message, type, code, param;  // lower case
  bool moderated = false;
  std::string all() const { return message + " " + type + " " + code + " " + param; }
};

std::string code_of(const json& error) {
  auto text = text_at(error, {"code"});
  auto number = number_at(error, {"code"});
  return number ? std::to_string(*number) : text;
}

// The part of a body that tells what went wrong: eight shapes are seen.
const json* error_of(const json& body) {
  const json* from = body.is_array() && !body.empty() ? &body[0] : &body;
  if (const auto* error = untrusted::member(*from, {"error"}); error != nullptr && !error->is_null()) return error;
  bool plain = from->is_object() && (from->contains("detail") || text_at(*from, {"object"}) == "error");
  return plain ? from : nullptr;
}

Complaint complaint_of(const json& body) {
  Complaint out;
  const auto* error = error_of(body);
  if (error == nullptr) return out;
  out.message = error->is_string() ? error->get<std::string>() : text_at(*error, {"message"});
  if (const auto* detail = untrusted::member(*error, {"detail"}); detail != nullptr && out.message.empty())
    out.message = detail->is_string() ? detail->get<std::string>() : untrusted::dump(*detail);
  out.type = text_at(*error, {"type"});
  out.code = code_of(*error);
  out.param = text_at(*error, {"param"});
  const auto* metadata = untrusted::member(*error, {"metadata"});
  out.moderated = metadata != nullptr && (metadata->contains("reasons") || metadata->contains("flagged_input"));
  for (auto* part : {&out.message, &out.type, &out.code, &out.param}) *part = text::lower_ascii(*part);
  return out;
}

bool too_long(int status, const std::string& all) {
  return status == 413 || has_any(all, {"context_length_exceeded", "exceed_context_size", "maximum context length",
                                        "contextwindowexceeded", "exceeds the available context"});
}

bool filtered(const std::string& all) {
  return has_any(all, {"content_filter", "responsibleaipolicyviolation", "content_policy_violation", "invalid_prompt"});
}

bool out_of_money(const Complaint& c) {
  return has_any(c.type + " " + c.code,
                 {"insufficient_quota", "credit_balance_exhausted", "_spend_limit_exceeded", "_usage_limit_exceeded"});
}

bool is_form(int status, const Complaint& c) {
  return (status == 400 || status == 422 || status == 500) && names_the_form(c.all());
}

Class class_of_400(const Complaint& c) {
  if (filtered(c.all())) return Class::refused;
  if (has_any(c.code, {"model_not_found"})) return Class::configuration;
  return Class::permanent;
}

Class class_of(int status, const Complaint& c, bool told) {
  if (too_long(status, c.all())) return Class::too_long;
  if (is_form(status, c)) return Class::form;
  switch (status) {
    case 400:
    case 422:
      return class_of_400(c);
    case 402:
      return told ? Class::wait : Class::out_of_money;
    case 403:
      return c.moderated ? Class::refused : Class::configuration;
    case 401:
    case 404:
      return Class::configuration;
    case 408:
    case 409:
    case 425:
      return Class::transient;
    case 429:
      return out_of_money(c) ? Class::out_of_money : Class::wait;
    default:
      if (status >= 500) return Class::transient;
      return status >= 400 ? Class::permanent : Class::configuration;  // redirects are not followed
  }
}

// What an endpoint says about itself is short words; anything longer may be the question's own text.
std::string code_word(const Complaint& c) {
  const auto& word = c.code.empty() ? c.type : c.code;
  bool plain = !word.empty() && word.size() <= 48 &&
               word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.-") == std::string::npos;
  return plain ? word : std::string();
}

void read_failure(Reading& out, int status, const Complaint& c, const http::Response& response, Moment now) {
  out.wait = told_wait(response, now);
  out.kind = class_of(status, c, out.wait.has_value());
  auto again = http::header(response.headers, "x-should-retry");
  if (again == "true" && out.kind == Class::permanent) out.kind = Class::transient;
  if (again == "false" && (out.kind == Class::transient || out.kind == Class::wait)) out.kind = Class::permanent;
  out.about = c.all();
  auto word = code_word(c);
  out.why = "HTTP " + std::to_string(status) + (word.empty() ? "" : " " + word);
}

// ---- answers

// A text, or a list of parts of which the texts are joined.
std::string content_of(const json& message) {
  const auto* content = untrusted::member(message, {"content"});
  if (content == nullptr) return {};
  if (content->is_string()) return content->get<std::string>();
  std::string out;
  if (content->is_array())
    for (const auto& part : *content) out += text_at(part, {"text"});
  return out;
}

void read_usage(Reading& out, const json& body) {
  auto asked = number_at(body, {"usage", "prompt_tokens"}), said = number_at(body, {"usage", "completion_tokens"});
  bool sound = asked && said && *asked > 0 && *said >= 0 && *asked < kMostTokens && *said < kMostTokens;
  if (!sound) return;
  out.asked_tokens = *asked;
  out.said_tokens = *said;
}

Class class_of_finish(const std::string& finish) {
  if (finish == "length") return Class::cut;
  if (finish == "content_filter" || finish == "refusal") return Class::refused;
  if (finish == "model_context_window_exceeded") return Class::too_long;
  if (finish == "error" || finish == "insufficient_system_resource" || finish == "pause_turn") return Class::transient;
  return Class::answer;
}

void read_choice(Reading& out, const json& choice) {
  const auto* message = untrusted::member(choice, {"message"});
  auto finish = text_at(choice, {"finish_reason"});
  out.kind = class_of_finish(finish);
  out.why = "finish_reason " + (finish.size() <= 32 ? text::lower_ascii(finish) : std::string("unknown"));
  if (message != nullptr && !text_at(*message, {"refusal"}).empty()) out.kind = Class::refused;
  if (out.kind != Class::answer) return;
  if (message != nullptr) out.content = content_of(*message);
  if (text::trim(out.content).empty()) out.kind = Class::empty;
}

// A 2xx whose body tells of an error counts as that error's status.
void read_success(Reading& out, const http::Response& response, Moment now) {
  auto body = untrusted::parse_json(text::trim(response.body));
  if (!body) {
    out.kind = Class::empty;
    out.why = "the body is not JSON";
    return;
  }
  if (error_of(*body) != nullptr) {
    auto complaint = complaint_of(*body);
    auto code = number_at(*body, {"error", "code"});
    bool telling = code && *code >= 400 && *code < 600;
    return read_failure(out, telling ? static_cast<int>(*code) : 502, complaint, response, now);
  }
  read_usage(out, *body);
  out.model = text_at(*body, {"model"});
  const auto* choices = untrusted::member(*body, {"choices"});
  out.kind = Class::transient;
  out.why = "no choices";
  if (choices != nullptr && choices->is_array() && !choices->empty()) read_choice(out, (*choices)[0]);
}

}  // namespace

std::string_view to_string(Class value) {
  static constexpr std::array<std::string_view, 11> kNames = {"answer",       "cut",       "empty",     "refused",
                                                              "form",         "too_long",  "permanent", "configuration",
                                                              "out_of_money", "transient", "wait"};
  return kNames.at(static_cast<std::size_t>(value));
}

Reading read(const http::Response& response, Moment now) {
  Reading out;
  auto id = http::header(response.headers, "x-request-id");
  if (id.size() <= 100) out.request_id = id;
  if (response.status >= 200 && response.status < 300) {
    read_success(out, response, now);
    return out;
  }
  auto body = untrusted::parse_json(text::trim(response.body));
  read_failure(out, response.status, body ? complaint_of(*body) : Complaint(), response, now);
  return out;
}

}  // namespace broadsheet::endpoint
