#include "adapters/telegram/api.hpp"

#include <charconv>

#include "bot/base/text.hpp"

namespace broadsheet::telegram {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLargestAnswer = std::size_t{8} << 20;  // getUpdates stops growing at about 4 MiB (2.2)
constexpr int kDeepest = 64;                                  // design: reliability 5

// Parsed with bounded depth; discarded when it is not JSON or nests too deep.
Json parsed(const std::string& body) {
  auto shallow = [](int depth, Json::parse_event_t, Json&) { return depth < kDeepest; };
  return Json::parse(body, shallow, false);
}

Answer failure(const http::TransportError& error) {
  Answer out;
  // 9: "unknown" begins with the first byte of the request.
  out.kind = error.reached == http::Reached::not_sent ? Answer::Kind::not_sent : Answer::Kind::unknown;
  out.description = error.error.what();
  return out;
}

void read_parameters(const Json& body, Answer& out) {
  auto it = body.find("parameters");
  if (it == body.end() || !it->is_object()) return;
  if (auto wait = it->find("retry_after"); wait != it->end() && wait->is_number()) {
    auto seconds = std::clamp(wait->get<double>(), 0.0, 1e7);
    out.retry_after = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
  }
  if (auto to = it->find("migrate_to_chat_id"); to != it->end() && to->is_number_integer())
    out.migrate_to = to->get<std::int64_t>();
}

Answer read_answer(const http::Response& response) {
  auto body = parsed(response.body);
  Answer out;
  out.code = response.status;
  bool object = body.is_object() && body.contains("ok") && body["ok"].is_boolean();
  if (object && body["ok"].get<bool>() && body.contains("result") && response.status == 200) {
    out.kind = Answer::Kind::ok;
    out.result = std::move(body["result"]);
    return out;
  }
  if (object && body.contains("description") && body["description"].is_string())
    out.description = text::ellipsize(body["description"].get<std::string>(), 200);
  // 8: 5xx leave the outcome of a send open; so does a 200 that says nothing.
  bool clear = response.status >= 400 && response.status < 500;
  out.kind = clear ? Answer::Kind::refused : Answer::Kind::unknown;
  if (object) read_parameters(body, out);
  if (clear && out.code == 429 && !out.retry_after) {
    std::int64_t seconds = 0;
    auto header = http::header(response.headers, "Retry-After");
    auto [end, ec] = std::from_chars(header.data(), header.data() + header.size(), seconds);
    if (ec == std::errc{} && seconds > 0) out.retry_after = std::chrono::seconds(seconds);
  }
  if (out.description.empty()) out.description = "an answer without sense (" + std::to_string(response.status) + ")";
  return out;
}

}  // namespace

boost::asio::awaitable<Answer> Api::call(std::string method, Json parameters, std::chrono::seconds patience) {
  http::Request request;
  request.method = "POST";
  request.url = base_ + "/bot" + token_.reveal() + "/" + method;
  request.headers = {{"Content-Type", "application/json"}};
  request.body = parameters.dump(-1, ' ', false, Json::error_handler_t::replace);
  request.max_response = kLargestAnswer;
  request.connect_timeout = patience;
  request.total_timeout = patience;
  auto outcome = co_await transport_.send(std::move(request));
  if (!outcome) co_return failure(outcome.failure());
  co_return read_answer(outcome.response());
}

}  // namespace broadsheet::telegram
