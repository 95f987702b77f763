// A platform of this folder alone: a chat over TCP with a line for each request and each answer.
//   SAY ROOM KEY TEXT    OK ID · NO why
//   EDIT ROOM ID TEXT    OK ID · NO why
//   FIND ROOM KEY        OK ID · NONE
//   LISTEN               then "MSG ID ROOM WHO TEXT" for what people say, until the connection ends
// Line breaks within TEXT are written as \n. What people type to the bot begins with '#'.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include "adapters/platform.hpp"
#include "bot/base/clock.hpp"

namespace broadsheet::toy {

// "toy:ROOM"
const model::PlatformTraits& traits();

class LineChat final : public adapters::Platform {
 public:
  LineChat(boost::asio::ip::tcp::endpoint server, Clock& clock) : server_(std::move(server)), clock_(clock) {}

  const model::PlatformTraits& traits() const override { return toy::traits(); }
  std::string prefix(const model::ReplyTo& /*from*/) const override { return "#"; }
  adapters::Capabilities capabilities() const override;
  std::vector<model::OutgoingMessage> render(const std::vector<adapters::Part>& parts,
                                             const adapters::RenderOptions& options) const override;
  std::string request_body(const adapters::SendRequest& request) const override;
  std::vector<adapters::Pace> paces(const model::Target& target, bool in_thread) const override;
  adapters::awaitable<adapters::SendOutcome> send(adapters::SendRequest request) override;
  adapters::awaitable<adapters::FindOutcome> find_sent(adapters::FindRequest request) override;
  adapters::awaitable<adapters::SendOutcome> edit(model::Target target, model::RemoteId remote_id,
                                                  model::OutgoingMessage message) override;
  adapters::awaitable<adapters::SendOutcome> reply(adapters::ReplyRequest request) override;
  adapters::awaitable<void> acknowledge(model::ReplyTo to) override;
  adapters::awaitable<Result<model::Role>> role_of(model::Actor who, model::Target where) override;
  adapters::awaitable<void> run(adapters::EventSink& sink) override;
  std::vector<adapters::Route> routes(adapters::EventSink& sink) override;
  adapters::awaitable<std::vector<adapters::Check>> doctor() override;
  std::string trouble() const override { return {}; }

 private:
  // The server's answer; `begun` says whether the line may have arrived.
  adapters::awaitable<Result<std::string>> ask(std::string line, bool& begun);
  adapters::awaitable<adapters::SendOutcome> say(std::string line);

  boost::asio::ip::tcp::endpoint server_;
  Clock& clock_;
};

}  // namespace broadsheet::toy
