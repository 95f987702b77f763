#include "bot/net/framing.hpp"

#include <gtest/gtest.h>

#include <string>

namespace broadsheet::http {
namespace {

int verdict(const std::string& bytes) {
  HeadLimits limits;
  auto scan = scan_head(bytes, limits);
  if (scan.refused != 0 || scan.size == 0) return scan.refused == 0 ? -1 : scan.refused;
  return check_head(std::string_view(bytes).substr(0, scan.size), limits).refused;
}

std::string with(const std::string& fields) {
  return "POST /x HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

TEST(Framing, AcceptsOrdinaryRequests) {
  EXPECT_EQ(verdict("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), 0);
  EXPECT_EQ(verdict("GET / HTTP/1.0\r\n\r\n"), 0);
  EXPECT_EQ(verdict(with("Content-Length: 5\r\nX-Y:\t v \r\n")), 0);
  EXPECT_EQ(verdict(with("Transfer-Encoding: Chunked\r\n")), 0);
  EXPECT_EQ(verdict("GET / HTTP/1.1\r\nHost"), -1);
}

TEST(Framing, RefusesWhatTwoReadersCouldCutDifferently) {
  for (const auto& fields : {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                             "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
                             "Content-Length: 5\r\nContent-Length: 5\r\n",
                             "Content-Length: 5\r\nContent-Length: 6\r\n",
                             "Content-Length: 5, 5\r\n",
                             "Content-Length: +5\r\n",
                             "Content-Length: -1\r\n",
                             "Content-Length: 0x5\r\n",
                             "Content-Length:\r\n",
                             "Content-Length: 99999999999999999999\r\n",
                             "Content-Length : 5\r\n",
                             " Content-Length: 5\r\n",
                             "X: a\r\n b\r\n",
                             "X: a\r\n\tb\r\n",
                             "X: a\nY: b\r\n",
                             "X: a\rY: b\r\n",
                             "X\r\n",
                             ": v\r\n",
                             "X(: v\r\n",
                             "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                             "Host: b\r\n",
                             "X: a\x01\r\n",
                             "X: a\x7f\r\n"})
    EXPECT_EQ(verdict(with(fields)), 400) << fields;
  EXPECT_EQ(verdict(with(std::string("X: a") + '\0' + "b\r\n")), 400);
  EXPECT_EQ(verdict("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
  EXPECT_EQ(verdict(with("Transfer-Encoding: gzip, chunked\r\n")), 501);
  EXPECT_EQ(verdict(with("Transfer-Encoding: xchunked\r\n")), 501);
  EXPECT_EQ(verdict(with("Expect: something\r\n")), 417);
}

TEST(Framing, RefusesMalformedRequestLines) {
  for (const auto& line :
       {"GET /", "GET  / HTTP/1.1", "GET / x HTTP/1.1", "G ET / HTTP/1.1", "GE(T / HTTP/1.1", "GET / http/1.1",
        "GET / HTTP/1.1 ", " GET / HTTP/1.1", "GET /\x01 HTTP/1.1", "GET\t/\tHTTP/1.1", "GET / HTTP/11", ""})
    EXPECT_EQ(verdict(line + std::string("\r\nHost: a\r\n\r\n")), 400) << line;
  EXPECT_EQ(verdict("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), 505);
  EXPECT_EQ(verdict("GET / HTTP/1.1\r\n\r\n"), 400) << "no Host";
  EXPECT_EQ(verdict("GET / HTTP/1.1\n\n"), 400) << "bare LF, at once";
  EXPECT_EQ(verdict(std::string("\x16\x03\x01\x02", 4)), 400) << "TLS on a plain port, at once";
}

TEST(Framing, BoundsTargetAndHeader) {
  auto get = [](std::size_t target) { return "GET /" + std::string(target - 1, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n"; };
  EXPECT_EQ(verdict(get(2048)), 0);
  EXPECT_EQ(verdict(get(2049)), 414);
  EXPECT_EQ(verdict("GET /" + std::string(3000, 'a')), 414);
  auto start = std::string("GET / HTTP/1.1\r\nHost: a\r\nX: ");
  EXPECT_EQ(verdict(start + std::string(8192 - start.size() - 2, 'x') + "\r\n\r\n"), 0);
  EXPECT_EQ(verdict(start + std::string(9000, 'x') + "\r\n\r\n"), 431);
  EXPECT_EQ(verdict(start + std::string(9000, 'x')), 431);
}

}  // namespace
}  // namespace broadsheet::http
