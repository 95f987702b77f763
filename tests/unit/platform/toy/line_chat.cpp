#include "line_chat.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <sstream>

#include "adapters/common/words.hpp"
#include "bot/async/async.hpp"
#include "digest/doc/plain.hpp"

namespace broadsheet::toy {
namespace {

using namespace adapters;
using boost::asio::ip::tcp;
using namespace std::chrono_literals;

constexpr std::size_t kLongestLine = 64 * 1024;

std::optional<model::Place> read_place(std::string_view text) {
  if (!is_word(text, "-") || text.size() > 32) return std::nullopt;
  return model::Place{{}, std::string(text), {}};
}

std::string one_line(std::string_view text) {
  std::string out;
  for (char c : text) out += c == '\n' ? std::string("\\n") : c == '\r' ? std::string() : std::string(1, c);
  return out;
}

std::string say_line(const SendRequest& request) {
  return "SAY " + request.target.place + " " + request.key.str() + " " + request.message.body;
}

awaitable<Result<std::string>> exchange(tcp::endpoint server, std::string line, bool& begun) {
  tcp::socket socket(co_await boost::asio::this_coro::executor);
  auto [refused] = co_await socket.async_connect(server, async::nothrow);
  co_await async::check_cancelled();
  if (refused) co_return Error(ErrorKind::unavailable, "connecting: " + refused.message());
  begun = true;
  line += "\n";
  auto [unsent, written] = co_await boost::asio::async_write(socket, boost::asio::buffer(line), async::nothrow);
  co_await async::check_cancelled();
  if (unsent) co_return Error(ErrorKind::transient, "writing: " + unsent.message());
  std::string answer;
  auto [unread, size] = co_await boost::asio::async_read_until(
      socket, boost::asio::dynamic_buffer(answer, kLongestLine), '\n', async::nothrow);
  co_await async::check_cancelled();
  if (unread) co_return Error(ErrorKind::transient, "reading: " + unread.message());
  co_return answer.substr(0, size - 1);
}

// "MSG ID ROOM WHO #TEXT"
std::optional<model::CommandEvent> command_of(const std::string& line, Moment now) {
  std::istringstream in(line);
  std::string word, id, room, who, text;
  in >> word >> id >> room >> who >> std::ws;
  std::getline(in, text);
  auto place = read_place(room);
  if (word != "MSG" || !place || !text.starts_with('#')) return std::nullopt;
  model::CommandEvent out;
  out.id = id;
  out.from.target = model::Target::of(traits(), *place);
  out.from.message = model::RemoteId(id);
  out.from.who.id = out.from.who.name = who;
  out.from.received = now;
  out.text = text.substr(1);
  return out;
}

}  // namespace

const model::PlatformTraits& traits() {
  static const auto& registered = model::register_platform(
      {.name = "toy", .target_form = "toy:ROOM", .target_example = "toy:lobby", .read_place = read_place});
  return registered;
}

Capabilities LineChat::capabilities() const {
  Capabilities out;
  out.edits = out.read_back = true;
  out.quiet = 0s;  // a line is handled before its answer is written
  out.request_timeout = 5s;
  return out;
}

std::vector<model::OutgoingMessage> LineChat::render(const std::vector<Part>& parts,
                                                     const RenderOptions& /*options*/) const {
  std::vector<model::OutgoingMessage> out;
  for (const auto& part : parts) {
    auto text = doc::to_plain(part.document);
    if (!text.empty()) out.push_back({part.kind, false, one_line(text), text});
  }
  return out;
}

std::string LineChat::request_body(const SendRequest& request) const {
  return "\"" + say_line(request) + "\"";
}

std::vector<Pace> LineChat::paces(const model::Target& target, bool /*in_thread*/) const {
  return {{target.str(), 10, 10}};
}

awaitable<Result<std::string>> LineChat::ask(std::string line, bool& begun) {
  co_return co_await async::with_timeout<std::string>(clock_, capabilities().request_timeout,
                                                      exchange(server_, std::move(line), begun));
}

awaitable<SendOutcome> LineChat::say(std::string line) {
  bool begun = false;
  auto answer = co_await ask(std::move(line), begun);
  if (!answer && begun) co_return Unknown{answer.error()};
  if (!answer) co_return NotSent{answer.error(), {}, {}};
  if (answer->starts_with("OK ")) co_return Sent{model::RemoteId(answer->substr(3))};
  co_return Refused{RefusalClass::target, "the chat says " + *answer, "open the room", {}};
}

awaitable<SendOutcome> LineChat::send(SendRequest request) {
  if (request.target.platform != kind())
    co_return Refused{RefusalClass::target, request.target.str() + " is not a room", {}, {}};
  co_return co_await say(say_line(request));
}

awaitable<FindOutcome> LineChat::find_sent(FindRequest request) {
  bool begun = false;
  auto answer = co_await ask("FIND " + request.target.place + " " + request.key.str(), begun);
  if (!answer) co_return CannotTell{answer.error(), false, {}};
  if (answer->starts_with("OK ")) co_return Found{model::RemoteId(answer->substr(3))};
  co_return Absent{};
}

awaitable<SendOutcome> LineChat::edit(model::Target target, model::RemoteId remote_id, model::OutgoingMessage message) {
  co_return co_await say("EDIT " + target.place + " " + remote_id.str() + " " + message.body);
}

awaitable<SendOutcome> LineChat::reply(ReplyRequest request) {
  if (!request.replaces.empty()) co_return co_await edit(request.to.target, request.replaces, request.message);
  co_return co_await send({request.to.target, request.key, request.message, {}});
}

awaitable<void> LineChat::acknowledge(model::ReplyTo /*to*/) {
  co_return;
}

awaitable<Result<model::Role>> LineChat::role_of(model::Actor /*who*/, model::Target /*where*/) {
  co_return model::Role::member;
}

awaitable<void> LineChat::run(EventSink& sink) {
  tcp::socket socket(co_await boost::asio::this_coro::executor);
  co_await socket.async_connect(server_, boost::asio::use_awaitable);
  co_await boost::asio::async_write(socket, boost::asio::buffer(std::string("LISTEN\n")), boost::asio::use_awaitable);
  std::string buffer;
  while (true) {
    auto size = co_await boost::asio::async_read_until(socket, boost::asio::dynamic_buffer(buffer, kLongestLine), '\n',
                                                       boost::asio::use_awaitable);
    auto event = command_of(buffer.substr(0, size - 1), clock_.now());
    buffer.erase(0, size);
    // Unkept means unread: the connection ends and the chat is listened to again.
    if (event && !co_await sink.accept(std::move(*event))) co_return;
  }
}

std::vector<Route> LineChat::routes(EventSink& /*sink*/) {
  return {};
}

awaitable<std::vector<Check>> LineChat::doctor() {
  co_return std::vector<Check>{};
}

}  // namespace broadsheet::toy
