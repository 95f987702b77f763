#include "bot/net/addresses.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>
#include <cstdint>

#include "bot/http/url.hpp"

namespace broadsheet::http {
namespace {

namespace ip = boost::asio::ip;

struct Range {
  std::uint32_t base;
  int bits;
};

constexpr std::uint32_t quad(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
  return a << 24 | b << 16 | c << 8;
}

// IANA special-purpose registry, IPv4: everything there that is not globally reachable.
constexpr std::array kSpecial4{
    Range{quad(0, 0, 0), 8},      Range{quad(10, 0, 0), 8},     Range{quad(100, 64, 0), 10},
    Range{quad(127, 0, 0), 8},    Range{quad(169, 254, 0), 16}, Range{quad(172, 16, 0), 12},
    Range{quad(192, 0, 0), 24},   Range{quad(192, 0, 2), 24},   Range{quad(192, 88, 99), 24},
    Range{quad(192, 168, 0), 16}, Range{quad(198, 18, 0), 15},  Range{quad(198, 51, 100), 24},
    Range{quad(203, 0, 113), 24}, Range{quad(224, 0, 0), 4},    Range{quad(240, 0, 0), 4}};

bool is_public(const ip::address_v4& address) {
  return std::none_of(kSpecial4.begin(), kSpecial4.end(), [value = address.to_uint()](const Range& range) {
    return (value ^ range.base) >> (32 - range.bits) == 0;
  });
}

ip::address_v4 last_four(const ip::address_v6::bytes_type& b) {
  return ip::address_v4(ip::address_v4::bytes_type{b[12], b[13], b[14], b[15]});
}

bool is_public(const ip::address_v6& address) {
  auto b = address.to_bytes();
  auto group = [&b](std::size_t i) { return static_cast<unsigned>(b[2 * i] << 8 | b[2 * i + 1]); };
  if (address.is_v4_mapped()) return is_public(last_four(b));
  bool nat64 = group(0) == 0x64 && group(1) == 0xff9b &&
               std::all_of(b.begin() + 4, b.begin() + 12, [](auto x) { return x == 0; });
  if (nat64) return is_public(last_four(b));
  if ((b[0] & 0xe0) != 0x20) return false;                   // only 2000::/3 is global unicast
  if (group(0) == 0x2001 && group(1) < 0x200) return false;  // 2001::/23: Teredo, ORCHID, benchmarking
  if (group(0) == 0x2001 && group(1) == 0xdb8) return false;
  return group(0) != 0x2002 && group(0) != 0x3fff;  // 6to4, documentation
}

}  // namespace

bool is_public(const ip::address& address) {
  return address.is_v4() ? is_public(address.to_v4()) : is_public(address.to_v6());
}

bool is_loopback(const ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) return last_four(address.to_v6().to_bytes()).is_loopback();
  return address.is_loopback();
}

bool is_private_address(std::string_view text) {
  boost::system::error_code ec;
  auto address = ip::make_address(text, ec);
  return ec || !is_public(address);
}

bool is_loopback(std::string_view host) {
  constexpr std::string_view kLocal = "localhost";
  if (host == kLocal) return true;
  if (host.size() > kLocal.size() && host.ends_with(".localhost")) return true;
  boost::system::error_code ec;
  auto address = ip::make_address(host, ec);
  return !ec && is_loopback(address);
}

}  // namespace broadsheet::http
