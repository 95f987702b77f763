// The chat that the toy platform talks to, in the same loop: rooms "lobby" and "den".
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <string>
#include <vector>

namespace broadsheet::toy {

class Server {
 public:
  explicit Server(boost::asio::io_context& io);
  boost::asio::ip::tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }

  struct Said {
    std::string room, key, text;
  };
  std::vector<Said> said;
  // What a person says, for everybody who listens from now on.
  std::vector<std::string> heard;

 private:
  boost::asio::awaitable<void> accept();
  boost::asio::awaitable<void> serve(std::shared_ptr<boost::asio::ip::tcp::socket> socket);
  std::string answer(const std::string& line);

  boost::asio::io_context& io_;
  boost::asio::ip::tcp::acceptor acceptor_;
};

}  // namespace broadsheet::toy
