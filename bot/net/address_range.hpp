// Addresses as the configuration writes them.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <string_view>

#include "bot/base/result.hpp"

namespace broadsheet::http {

// One address, or a range in CIDR form: "10.0.0.5", "10.0.0.0/8", "fd00::/8". An IPv4 address that arrives inside an
// IPv6 one counts as itself.
class AddressRange {
 public:
  // Errors (bad_input) are a sentence.
  static Result<AddressRange> parse(std::string_view text);
  bool contains(const boost::asio::ip::address& address) const;

 private:
  boost::asio::ip::address first_;
  unsigned bits_ = 0;  // that must agree
};

struct Listen {
  boost::asio::ip::address address;
  std::uint16_t port = 0;  // 0: any free one
};
// "127.0.0.1:8080", "[::1]:8080", "localhost:0". Errors (bad_input) are a sentence.
Result<Listen> parse_listen(std::string_view text);

}  // namespace broadsheet::http
