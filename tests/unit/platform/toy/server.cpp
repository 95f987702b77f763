#include "server.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <sstream>

#include "bot/async/async.hpp"

namespace broadsheet::toy {
namespace {

using boost::asio::awaitable;
using boost::asio::ip::tcp;

}  // namespace

Server::Server(boost::asio::io_context& io) : io_(io), acceptor_(io, {boost::asio::ip::address_v4::loopback(), 0}) {
  boost::asio::co_spawn(io_, accept(), boost::asio::detached);
}

awaitable<void> Server::accept() {
  while (true) {
    auto socket = std::make_shared<tcp::socket>(io_);
    co_await acceptor_.async_accept(*socket, boost::asio::use_awaitable);
    boost::asio::co_spawn(io_, serve(std::move(socket)), boost::asio::detached);
  }
}

awaitable<void> Server::serve(std::shared_ptr<tcp::socket> socket) {
  std::string buffer;
  auto [unread, size] =
      co_await boost::asio::async_read_until(*socket, boost::asio::dynamic_buffer(buffer), '\n', async::nothrow);
  if (unread) co_return;
  auto line = buffer.substr(0, size - 1);
  std::string out;
  if (line == "LISTEN")
    for (const auto& one : heard) out += one + "\n";
  else
    out = answer(line) + "\n";
  auto [unsent, written] = co_await boost::asio::async_write(*socket, boost::asio::buffer(out), async::nothrow);
  // A listener stays until it goes.
  if (line == "LISTEN" && !unsent)
    co_await boost::asio::async_read_until(*socket, boost::asio::dynamic_buffer(buffer), '\n', async::nothrow);
}

std::string Server::answer(const std::string& line) {
  std::istringstream in(line);
  std::string verb, room, name, text;
  in >> verb >> room >> name >> std::ws;
  std::getline(in, text);
  if (room != "lobby" && room != "den") return "NO such room";
  if (verb == "SAY") {
    said.push_back({room, name, text});
    return "OK " + std::to_string(said.size());
  }
  if (verb == "FIND") {
    for (std::size_t i = 0; i < said.size(); ++i)
      if (said[i].room == room && said[i].key == name) return "OK " + std::to_string(i + 1);
    return "NONE";
  }
  auto id = verb == "EDIT" ? std::stoul(name) : 0;
  if (id == 0 || id > said.size()) return "NO such message";
  said[id - 1].text = text;
  return "OK " + name;
}

}  // namespace broadsheet::toy
